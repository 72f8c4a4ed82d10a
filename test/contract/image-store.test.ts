import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3ImageStore } from '../../adapters/aws/s3-image-store.ts';
import { FileImageStore } from '../../adapters/files/file-image-store.ts';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import type { Run } from '../../core/model/run.ts';
import type { EarlierImages, Image, ImageStore } from '../../core/ports/images.ts';
import { aRun } from '../worker/records.ts';
import { startSqsAndS3 } from './emulators.ts';

interface Subject {
  readonly store: ImageStore & EarlierImages;
  readonly run: Run;
  read(place: string): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

const STORES: Readonly<Record<string, () => Promise<Subject>>> = {
  MemoryImageStore: async () => {
    const store = new MemoryImageStore();
    return {
      store,
      run: aRun([]),
      read: async (place) => store.read(place),
      close: async () => {},
    };
  },
  S3ImageStore: async () => {
    const { s3, createBucket, close } = await startSqsAndS3();
    const bucket = await createBucket();
    const read = async (place: string) => {
      const Key = place.replace(`s3://${bucket}/`, '');
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return Body?.transformToByteArray();
    };
    return { store: new S3ImageStore(s3, bucket), run: aRun([]), read, close };
  },
  FileImageStore: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'images-'));
    return {
      store: new FileImageStore(),
      run: aRun([], { imagesFolder: join(folder, 'images') }),
      read: (place) => readFile(join(folder, place)),
      close: () => rm(folder, { recursive: true }),
    };
  },
};

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

  const put = (image: Image) => subject.store.put(subject.run, image);
  const textAt = async (place: string) => new TextDecoder().decode(await subject.read(place));

  it('keeps the bytes where it says', async () => {
    expect(await textAt(await put(anImage('one')))).toBe('one');
  });

  it('keeps one picture once, whatever its addresses', async () => {
    const first = await put(anImage('two'));
    expect(await put({ ...anImage('two'), url: 'https://b.example/' })).toBe(first);
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
    expect(await put(anImage(`a ${format}`, format))).toMatch(
      new RegExp(`/[0-9a-f]{64}\\.${ending}$`),
    );
  });

  it('takes the same picture many times at once', async () => {
    const places = await Promise.all(Array.from({ length: 20 }, () => put(anImage('same'))));
    expect(new Set(places).size).toBe(1);
    expect(await textAt(places[0] ?? '')).toBe('same');
  });

  it('knows a picture of an earlier run, and makes it one of another run', async () => {
    const image = anImage('five');
    const place = await put(image);
    const { store, run } = subject;
    const { imagesFolder } = run.settings;
    const later = { ...run, settings: { ...run.settings, imagesFolder: `${imagesFolder}-later` } };
    const picture = { sha256: image.sha256, format: 'png', bytes: 4 };
    expect(store.holds(picture, store.rootOf(run))).toBe(true);
    expect(store.holds(picture, 'elsewhere')).toBe(false);
    expect(await store.adopt(later, picture, 'elsewhere')).toBeUndefined();
    expect(await store.adopt(later, picture, store.rootOf(run))).toBe(place);
    expect(await store.adopt(later, picture, store.rootOf(run))).toBe(place);
    expect(store.holds(picture, store.rootOf(later))).toBe(true);
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
    // One that was cut since is none.
    await writeFile(at('b'), 'si');
    expect(store.holds(picture, join(folder, 'b'))).toBe(false);
    await rm(folder, { recursive: true });
  });
});
