import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openImage } from '../../adapters/aws/open-image.ts';
import { S3ImageStore } from '../../adapters/aws/s3-image-store.ts';
import { S3ShardObjects } from '../../adapters/aws/s3-shard-objects.ts';
import { FileImageStore } from '../../adapters/files/file-image-store.ts';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import { MemoryShardObjects } from '../../adapters/memory/memory-shard-objects.ts';
import { ShardImageStore } from '../../adapters/shards/shard-image-store.ts';
import type { ShardObjects } from '../../adapters/shards/shard-objects.ts';
import { HEADER_BYTES } from '../../adapters/shards/tar-member.ts';
import type { Run } from '../../core/model/run.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EarlierImages, Image, ImagePlace, ImageStore } from '../../core/ports/images.ts';
import { aRun } from '../worker/records.ts';
import { startSqsAndS3 } from './emulators.ts';

interface Subject {
  readonly store: ImageStore & EarlierImages;
  readonly run: Run;
  read(place: ImagePlace): Promise<Uint8Array | undefined>;
  /** The name that the image has where it is. */
  nameOf(place: ImagePlace): Promise<string>;
  close(): Promise<void>;
}

const STORES: Readonly<Record<string, () => Promise<Subject>>> = {
  MemoryImageStore: async () => {
    const store = new MemoryImageStore();
    return {
      store,
      run: aRun([]),
      read: async ({ file }) => store.read(file),
      nameOf,
      close: async () => {},
    };
  },
  S3ImageStore: async () => {
    const { s3, createBucket, close } = await startSqsAndS3();
    const bucket = await createBucket();
    const read = openImage(s3);
    return { store: new S3ImageStore(s3, bucket), run: aRun([]), read, nameOf, close };
  },
  'ShardImageStore in S3': async () => {
    const { s3, createBucket, close } = await startSqsAndS3();
    const objects = new S3ShardObjects(s3, await createBucket());
    const read = openImage(s3);
    return { ...shardsIn(objects, read), close };
  },
  'ShardImageStore in memory': async () => {
    const objects = new MemoryShardObjects();
    const read = async ({ file, offset = 0, length = 0 }: ImagePlace) =>
      objects.peek(file)?.subarray(offset, offset + length);
    return { ...shardsIn(objects, read), close: async () => {} };
  },
  FileImageStore: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'images-'));
    return {
      store: new FileImageStore(),
      run: aRun([], { imagesFolder: join(folder, 'images') }),
      read: ({ file }) => readFile(join(folder, file)),
      nameOf,
      close: () => rm(folder, { recursive: true }),
    };
  },
};

async function nameOf({ file }: ImagePlace): Promise<string> {
  return basename(file);
}

/** Whatever is to wait is due at once. */
const HASTY: Clock = { now: () => 0, sleep: async () => {} };

/** The name of a member is in front of it, in the block before its content. */
function shardsIn(objects: ShardObjects, read: Subject['read']): Omit<Subject, 'close'> {
  const store = new ShardImageStore({ objects, clock: HASTY, newName: randomUUID });
  const nameInTar = async ({ file, offset = 0 }: ImagePlace) => {
    const header = await read({ file, offset: offset - HEADER_BYTES, length: HEADER_BYTES });
    return Buffer.from(header ?? [])
      .toString('latin1', 0, 100)
      .replace(/\0+$/, '');
  };
  return { store, run: aRun([]), read, nameOf: nameInTar };
}

function anImage(text: string, format = 'png'): Image {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { url: `https://a.example/${text}`, bytes, sha256, format, width: 1, height: 1 };
}

describe.each(Object.entries(STORES))('%s', (_, make) => {
  let subject: Subject;

  beforeAll(async () => {
    subject = await make();
  });
  afterAll(() => subject.close());

  const put = async (image: Image): Promise<ImagePlace> => {
    const { kept, ...place } = await subject.store.put(subject.run, image);
    subject.store.hurry?.(subject.run, true);
    await kept;
    return place;
  };
  const textAt = async (place: ImagePlace) => new TextDecoder().decode(await subject.read(place));

  it('keeps the bytes where it says', async () => {
    expect(await textAt(await put(anImage('one')))).toBe('one');
  });

  it('keeps one picture once, whatever its addresses', async () => {
    const first = await put(anImage('two'));
    expect(await put({ ...anImage('two'), url: 'https://b.example/' })).toEqual(first);
    expect(await textAt(first)).toBe('two');
  });

  it('keeps two pictures apart', async () => {
    const places = await Promise.all([put(anImage('three')), put(anImage('four'))]);
    expect(await Promise.all(places.map(textAt))).toEqual(['three', 'four']);
  });

  it.each([
    ['jpeg', 'jpg'],
    ['png', 'png'],
    ['svg', 'svg'],
  ])('names a file by what it is: %s as .%s', async (format, ending) => {
    const place = await put(anImage(`a ${format}`, format));
    expect(await subject.nameOf(place)).toMatch(new RegExp(`^[0-9a-f]{64}\\.${ending}$`));
  });

  it('takes the same picture many times at once', async () => {
    const places = await Promise.all(Array.from({ length: 20 }, () => put(anImage('same'))));
    expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(1);
    expect(await textAt(places[0] ?? { file: '' })).toBe('same');
  });

  it('knows a picture of an earlier run, and makes it one of another run; or says that it does not', async () => {
    const image = anImage('five');
    const place = await put(image);
    const { store, run } = subject;
    const { imagesFolder } = run.settings;
    const later = { ...run, settings: { ...run.settings, imagesFolder: `${imagesFolder}-later` } };
    const part = place.offset === undefined ? undefined : place;
    const picture = { sha256: image.sha256, format: 'png', bytes: 4, part };
    const root = store.rootOf(run);
    expect(store.holds(later, picture, 'elsewhere')).toBe(false);
    expect(await store.adopt(later, picture, 'elsewhere')).toBeUndefined();
    if (root === undefined) throw new Error('expected a place');
    expect(store.holds(later, picture, root)).toBe(true);
    expect(await store.adopt(later, picture, root)).toEqual(place);
    expect(await store.adopt(later, picture, root)).toEqual(place);
    expect(store.holds(run, picture, store.rootOf(later) ?? '')).toBe(true);
  });
});

describe('images of several runs in one file system', () => {
  it('are one file with several names, and go with the last of them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'images-'));
    const store = new FileImageStore();
    const runs = ['a', 'b', 'c'].map((name) => aRun([], { imagesFolder: join(folder, name) }));
    const [first, second, third] = runs;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const image = anImage('six');
    const picture = { sha256: image.sha256, format: 'png', bytes: 3 };
    const at = (name: string) =>
      join(folder, name, image.sha256.slice(0, 2), `${image.sha256}.png`);
    await store.put(first, image);
    await store.adopt(second, picture, join(folder, 'a'));
    // The same picture at another address.
    await store.put(third, image, [join(folder, 'b')]);
    expect((await stat(at('c'))).nlink).toBe(3);
    await rm(join(folder, 'a'), { recursive: true });
    const fourth = aRun([], { imagesFolder: join(folder, 'd') });
    expect(await store.adopt(fourth, picture, join(folder, 'a'))).toBeUndefined();
    expect(await readFile(at('b'), 'utf8')).toBe('six');
    // A file that was truncated later does not count as kept.
    await writeFile(at('b'), 'si');
    expect(store.holds(fourth, picture, join(folder, 'b'))).toBe(false);
    await rm(folder, { recursive: true });
  });
});
