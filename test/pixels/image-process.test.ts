import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ImageProcess, type ImageProcessOptions } from '../../adapters/pixels/image-process.ts';
import { blackPng, flicker, picture, svgOf, toWork } from './made-images.ts';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function start(options: Partial<ImageProcessOptions> = {}) {
  const module = pathOf('../../lambdas/worker/image-process.ts');
  const images = new ImageProcess({ module, maxMemoryMb: 512, ...options });
  onTestFinished(() => images.close());
  return (bytes: Uint8Array) => images.work(toWork(bytes, { resize: 32 }));
}

const dying = { module: pathOf('./dying-process.ts') };
const photo = await picture(64, 48).jpeg().toBuffer();
const fine = { kind: 'done', stored: { format: 'jpeg', width: 32, height: 24 } };
const unfit = (detail: RegExp) => ({
  kind: 'unfit',
  reason: 'not-decodable',
  detail: expect.stringMatching(detail),
});

describe('native code that crashes', () => {
  it('costs the image that crashes it, and none of those beside it', async () => {
    const work = start(dying);
    const all = [photo, photo, Buffer.from('crash'), photo, Buffer.from('crash'), photo];
    const ends = await Promise.all(all.map(work));
    const crashed = unfit(/^its decoder crashed: SIGSEGV$/);
    expect(ends).toMatchObject([fine, fine, crashed, fine, crashed, fine]);
  });

  it('costs an image that takes too long, and none of those beside it', async () => {
    const work = start({ ...dying, timeoutMs: 1500 });
    const ends = await Promise.all([photo, Buffer.from('hang'), photo].map(work));
    expect(ends).toMatchObject([fine, unfit(/^it took more than 1500 ms$/), fine]);
  });

  it('costs an image that takes too much memory, and none of those beside it', async () => {
    const work = start({ ...dying, maxMemoryMb: 300 });
    const ends = await Promise.all([photo, Buffer.from('hoard'), photo].map(work));
    expect(ends).toMatchObject([fine, unfit(/^it took more than 300 MB$/), fine]);
  });
});

describe('a process that cannot be started', () => {
  it('is no fault of an image', async () => {
    const work = start({ module: pathOf('./nothing-there.ts') });
    await expect(work(photo)).rejects.toThrow(/ended at its start: .*nothing-there/s);
  });
});

describe('a hostile image', () => {
  const entities = [
    '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">',
    ...'bcdefghi'
      .split('')
      .map((name, at) => `<!ENTITY ${name} "${`&${'abcdefgh'.charAt(at)};`.repeat(10)}">`),
    ']>',
  ].join('');
  const tooMany = (detail: RegExp) => ({ ...unfit(detail), reason: 'too-many-pixels' });

  it.each([
    ['PNG of 50,000 x 50,000', blackPng(50_000, 50_000), tooMany(/^2500000000 pixels, /)],
    ['GIF that does not end', flicker(100_000, 1, 1), tooMany(/^100000 frames, /)],
    ['GIF of a huge screen', flicker(900, 3000, 3000), tooMany(/^8100000000 pixels, /)],
    [
      'SVG of a huge canvas',
      Buffer.from(String(svgOf('')).replaceAll('"100"', '"90000"')),
      tooMany(/^81/),
    ],
    ['SVG of many entities', svgOf('<text y="9">&i;</text>', entities), unfit(/amplification/)],
    [
      'SVG with an external entity',
      svgOf('<text y="9">&x;</text>', '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
      unfit(/Entity 'x' not defined/),
    ],
    ['SVG of many levels', svgOf(`${'<g>'.repeat(9000)}${'</g>'.repeat(9000)}`), unfit(/depth/)],
  ])('%s ends as itself', async (_, bytes, end) => {
    expect(await start()(bytes)).toMatchObject(end);
  });

  it('of each format ends as itself wherever it is cut', async () => {
    const work = start();
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const whole = await picture(64, 48).toFormat(format).toBuffer();
      const cuts = [0.1, 0.5, 0.9].map((part) => whole.subarray(0, whole.length * part));
      for (const end of await Promise.all(cuts.map(work))) expect(end).toMatchObject(unfit(/./));
    }
  });
});
