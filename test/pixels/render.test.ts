import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { workImage } from '../../adapters/pixels/work-image.ts';
import type { ImageSettings } from '../../core/model/image-settings.ts';
import type { MadeImage } from '../../core/ports/image-work.ts';
import { picture, toWork } from './made-images.ts';

/** What is stored of an image. */
async function storedOf(bytes: Uint8Array, settings: Partial<ImageSettings>) {
  const end = await workImage(toWork(bytes, settings));
  if (end.kind !== 'done') throw new Error(end.detail);
  return end.stored;
}

async function made(bytes: Uint8Array, settings: Partial<ImageSettings>): Promise<MadeImage> {
  const stored = await storedOf(bytes, settings);
  if (stored === undefined) throw new Error('nothing was made');
  return stored;
}

const pixelsOf = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();

const photo = await picture(800, 600).jpeg({ quality: 95 }).toBuffer();

describe('an image that is resized', () => {
  const direct = () => sharp(photo).autoOrient();

  it.each([
    ['keep-ratio', 341, 256, () => direct().resize({ height: 256 })],
    ['keep-ratio-largest', 256, 192, () => direct().resize({ width: 256 })],
    ['center-crop', 256, 256, () => direct().resize(256, 256, { fit: 'cover' })],
    ['border', 256, 256, () => direct().resize(256, 256, { fit: 'contain', background: '#fff' })],
  ] as const)('by %s is what sharp makes of it', async (resizeMode, width, height, same) => {
    const stored = await made(photo, { resize: 256, resizeMode, encode: 'png' });

    expect(stored).toMatchObject({ format: 'png', width, height });
    expect((await pixelsOf(stored.bytes)).equals(await same().raw().toBuffer())).toBe(true);
  });

  it('has the bytes of sharp with the same quality', async () => {
    const stored = await made(photo, { resize: 256, encode: 'jpeg', quality: 70 });
    const same = await direct().resize({ width: 256 }).jpeg({ quality: 70 }).toBuffer();
    expect(same.equals(stored.bytes)).toBe(true);
  });

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('can be stored as %s', async (encode) => {
    const stored = await made(photo, { resize: 64, encode });
    const { format, width, height } = await sharp(stored.bytes).metadata();
    expect(stored.format).toBe(encode);
    expect([format === 'heif' ? 'avif' : format, width, height]).toEqual([encode, 64, 48]);
  });

  it('keeps its bytes when it is small enough', async () => {
    expect(await storedOf(photo, { resize: 1000 })).toBeUndefined();
  });

  it('grows when that is asked for', async () => {
    const stored = await made(photo, { resize: 1000, upscale: true });
    expect(stored).toMatchObject({ format: 'jpeg', width: 1000, height: 750 });
  });

  it('stands upright', async () => {
    const turned = await picture(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const stored = await made(turned, { resize: 1000 });
    expect(stored).toMatchObject({ width: 20, height: 40 });
    expect((await sharp(stored.bytes).metadata()).orientation).toBeUndefined();
  });

  it('has white behind what was transparent, where its format needs it', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const ghost = await sharp({ create: { width: 9, height: 9, channels: 4, background: clear } })
      .png()
      .toBuffer();
    const flat = await made(ghost, { encode: 'jpeg' });
    expect([...new Set(await pixelsOf(flat.bytes))]).toEqual([255]);
    const kept = await made(ghost, { encode: 'webp' });
    expect((await sharp(kept.bytes).metadata()).hasAlpha).toBe(true);
  });

  it('has its colours converted to sRGB, or keeps its profile', async () => {
    const wide = await picture(60, 40).withIccProfile('p3').jpeg().toBuffer();
    const converted = await made(wide, { resize: 30 });
    expect((await sharp(converted.bytes).metadata()).icc).toBeUndefined();
    const kept = await made(wide, { resize: 30, keepProfile: true });
    expect((await sharp(kept.bytes).metadata()).icc).toBeInstanceOf(Buffer);
  });
});

describe('an animation', () => {
  const frames = [1, 2, 3].map((seed) => picture(40, 20, seed).png().toBuffer());
  const film = async () => sharp(await Promise.all(frames), { join: { animated: true } });

  it.each(['gif', 'webp'] as const)('of %s keeps its frames', async (format) => {
    const bytes = await (await film()).toFormat(format).toBuffer();
    const stored = await made(bytes, { resize: 20 });
    expect(stored).toMatchObject({ format, width: 20, height: 10 });
    expect((await sharp(stored.bytes).metadata()).pages).toBe(3);
  });

  it('can be cut and framed', async () => {
    const bytes = await (await film()).gif().toBuffer();
    for (const resizeMode of ['border', 'center-crop'] as const) {
      const stored = await made(bytes, { resize: 16, resizeMode });
      expect(stored).toMatchObject({ width: 16, height: 16 });
      expect((await sharp(stored.bytes).metadata()).pages).toBe(3);
    }
  });

  it('is its first frame where one is wanted, or the format has no more', async () => {
    const bytes = await (await film()).gif().toBuffer();
    for (const settings of [{ firstFrame: true }, { encode: 'png' }] as const) {
      const stored = await made(bytes, settings);
      expect((await sharp(stored.bytes).metadata()).pages ?? 1).toBe(1);
      expect(stored).toMatchObject({ width: 40, height: 20 });
    }
  });
});

describe('what is made besides', () => {
  it('leaves the image as it came', async () => {
    const end = await workImage(toWork(photo, { thumbnails: 100, pdq: true }));
    expect(end).toMatchObject({
      kind: 'done',
      stored: undefined,
      thumbnail: { format: 'jpeg', width: 100, height: 75 },
      pdq: { hash: expect.stringMatching(/^[0-9a-f]{64}$/), quality: 100 },
    });
  });

  it('has the same hash for grey pixels, however they are stored', async () => {
    const grey = await picture(90, 60).greyscale().toColourspace('b-w').png().toBuffer();
    const coloured = await sharp(grey).toColourspace('srgb').png().toBuffer();
    const ends = await Promise.all(
      [grey, coloured].map((one) => workImage(toWork(one, { pdq: true }))),
    );
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]).toHaveProperty('pdq.hash');
  });

  it('is not made of a format without a decoder, which is kept all the same', async () => {
    const bmp = Buffer.from('BM and no more');
    const end = await workImage(toWork(bmp, { thumbnails: 100 }));
    expect(end).toEqual({ kind: 'done', problem: expect.stringMatching(/^no image work: /) });
    const changed = await workImage(toWork(bmp, { resize: 100 }));
    expect(changed).toMatchObject({ kind: 'unfit', reason: 'not-decodable' });
  });
});
