import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3ImageStore } from '../../adapters/aws/s3-image-store.ts';
import { FileImageStore } from '../../adapters/files/file-image-store.ts';
import { MemoryImageStore } from '../../adapters/memory/memory-image-store.ts';
import type { Run } from '../../core/model/run.ts';
import type { Image, ImageStore } from '../../core/ports/images.ts';
import { aRun } from '../worker/records.ts';
import { startSqsAndS3 } from './emulators.ts';

interface Subject {
  readonly store: ImageStore;
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
});
