import { describe, expect, it } from 'vitest';
import { MemorySideStore } from '../../../adapters/memory/plain-images.ts';
import type { ImageSettings } from '../../../core/model/image-settings.ts';
import type { OnImage } from '../../../core/ports/hooks.ts';
import type { ImageToWork, ImageWorkEnd } from '../../../core/ports/image-work.ts';
import { NOTHING } from '../../pixels/made-images.ts';
import { body } from '../scripted-fetcher.ts';
import { SHAPE, TARGET, visitWorld } from '../visit-world.ts';

const IMAGE = body('img-1');
const IMAGE_WORK: ImageSettings = { ...NOTHING, resize: 32 };
const SMALL = { bytes: Buffer.from('img-small'), format: 'webp', width: 1, height: 1 };

/** A visit to an image whose work ends so. */
function visiting(end: ImageWorkEnd, onImage?: OnImage) {
  const asked: ImageToWork[] = [];
  const sideFiles = new MemorySideStore();
  const workImage = async (image: ImageToWork) => {
    asked.push(image);
    return end;
  };
  const ports = { workImage, sideFiles };
  const world = visitWorld(
    { [TARGET]: IMAGE },
    { settings: { imageWork: IMAGE_WORK }, ports, onImage },
  );
  return { asked, sideFiles, stored: world.stored, go: () => world.go() };
}

describe('an image of a run with image work', () => {
  it('is worked on with the settings of the run, and what came of it is stored', async () => {
    const visit = visiting({ kind: 'done', stored: SMALL });
    const end = await visit.go();
    expect(visit.asked).toMatchObject([{ facts: SHAPE, settings: IMAGE_WORK }]);
    expect(end).toMatchObject({
      status: 'succeeded',
      facts: { ...SHAPE, bytes: 5, storedFormat: 'webp', storedWidth: 1, storedBytes: 9 },
    });
    expect(end).toHaveProperty('facts.storedSha256', visit.stored[0]);
  });

  it('is stored as it came where nothing came of it', async () => {
    const end = await visiting({ kind: 'done', problem: 'no image work: why' }).go();
    expect(end).toMatchObject({ status: 'succeeded', facts: { detail: 'no image work: why' } });
    expect(end).not.toHaveProperty('facts.storedSha256');
  });

  it('ends with the reason that the work has, and is not stored', async () => {
    const visit = visiting({ kind: 'unfit', reason: 'not-decodable', detail: 'it crashed' });
    expect(await visit.go()).toMatchObject({
      status: 'failed',
      reason: 'not-decodable',
      facts: { ...SHAPE, detail: 'it crashed' },
    });
    expect(visit.stored).toEqual([]);
  });

  it('has hash, metadata and thumbnail beside its result', async () => {
    const pdq = { hash: 'f'.repeat(64), quality: 80 };
    const exif = { make: 'a camera', iso: 100 };
    const visit = visiting({ kind: 'done', thumbnail: SMALL, pdq, exif });
    const end = await visit.go();
    expect(end).toMatchObject({ facts: { pdq: pdq.hash, pdqQuality: 80, exif } });
    const { thumbnail = '' } = 'facts' in end ? end.facts : {};
    expect(visit.sideFiles.read(thumbnail)).toEqual(Uint8Array.from(SMALL.bytes));
  });
});

describe('a hook for images', () => {
  const bytes = Buffer.from('{}');
  const file = { bytes, ending: 'json', contentType: 'application/json' };

  it('receives the target and the image that is about to be stored', async () => {
    const heard: unknown[] = [];
    const onImage: OnImage = async (image, context) => {
      heard.push({ url: image.url, ...context });
      return { kind: 'keep' };
    };
    await visiting({ kind: 'done', stored: SMALL }, onImage).go();
    const target = { url: TARGET };
    expect(heard).toMatchObject([{ url: TARGET, runId: 'run-1', target, stored: SMALL }]);
  });

  it('may store further files', async () => {
    const visit = visiting({ kind: 'done' }, async () => ({ kind: 'keep', files: { it: file } }));
    const end = await visit.go();
    const { files = {} } = 'facts' in end ? end.facts : {};
    expect(Object.keys(files)).toEqual(['it']);
    expect(visit.sideFiles.read(files['it'] ?? '')).toEqual(Uint8Array.from(bytes));
  });

  it('may store another image instead', async () => {
    const other = Buffer.from('img-other');
    const end = await visiting({ kind: 'done' }, async () => ({ kind: 'keep', bytes: other })).go();
    expect(end).toMatchObject({ facts: { bytes: 5, storedBytes: 9, storedFormat: 'png' } });
  });

  it.each([
    ['bytes that are no image', { bytes }, 'are no image'],
    ['a file with a path for a name', { files: { '../it': file } }, 'expected a name'],
    ['a file with a path for an ending', { files: { it: { ...file, ending: '/x' } } }, 'an ending'],
    [
      'too many files',
      { files: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`f${at}`, file])) },
      'returned 11 files',
    ],
  ])('that returns %s is at fault', async (_, returned, message) => {
    const visit = visiting({ kind: 'done' }, async () => ({ kind: 'keep', ...returned }));
    await expect(visit.go()).rejects.toThrow(message);
  });
});

describe('an image that a filter of the run leaves out', () => {
  it.each([
    [{ formats: ['jpeg', 'webp'] }, 'format png is not among formats jpeg, webp'],
    [{ maxAspect: 1.5 }, 'aspect ratio 2.00 is above maxAspect 1.5'],
  ])('by %j says so, and is not worked on', async (settings, detail) => {
    const world = visitWorld(
      { [TARGET]: IMAGE },
      { settings: { ...settings, imageWork: NOTHING } },
    );
    expect(await world.go()).toMatchObject({
      status: 'skipped',
      reason: 'filtered',
      facts: { detail },
    });
  });

  it.each([{ formats: ['png'] }, { maxAspect: 2 }, { maxAspect: 0 }])(
    'is not one that %j lets pass',
    async (settings) => {
      const end = await visitWorld({ [TARGET]: IMAGE }, { settings }).go();
      expect(end).toMatchObject({ status: 'succeeded' });
    },
  );
});
