import { hash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StreamObject } from '../../../adapters/aws/open-image.ts';
import { TAR_END, tarMember } from '../../../adapters/shards/tar-member.ts';
import { Downloads } from '../../../cli/fetch/downloads.ts';
import { fetchObject } from '../../../cli/fetch/fetch-object.ts';

const sha256Of = (bytes: Uint8Array) => hash('sha256', bytes, 'hex');
const IMAGES = [0, 1, 511, 512, 70_000].map((size) => Buffer.alloc(size, 'x'));
const SHARD = Buffer.concat([
  ...IMAGES.map((bytes) => tarMember(`${sha256Of(bytes)}.jpg`, bytes)),
  TAR_END,
]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crawl-fetch-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A bucket with one object, which comes in pieces of so many bytes. */
function bucketOf(bytes: Uint8Array, piece = 1000, length = bytes.byteLength): StreamObject {
  return async () => {
    const pieces = Array.from({ length: Math.ceil(bytes.byteLength / piece) }, (_, at) =>
      bytes.subarray(at * piece, (at + 1) * piece),
    );
    return { body: Readable.from(pieces), length };
  };
}

const wanted = (name: string, sha256?: string) => {
  return { uri: `s3://bucket/${name}`, path: join(folder, 'got', name), sha256 };
};

it.each([1, 7, 512, 100_000])('a shard is whole, in pieces of %i bytes', async (piece) => {
  const fetched = await fetchObject(wanted('a.tar'), bucketOf(SHARD, piece));
  expect(fetched).toEqual({ kind: 'fetched', bytes: SHARD.length });
  expect(await readFile(join(folder, 'got', 'a.tar'))).toEqual(SHARD);
});

it('what is there is not brought again', async () => {
  await fetchObject(wanted('a.tar'), bucketOf(SHARD));
  const nobody: StreamObject = () => Promise.reject(new Error('not planned'));
  expect(await fetchObject(wanted('a.tar'), nobody)).toMatchObject({ kind: 'known' });
});

const changed = Buffer.from(SHARD).fill('y', SHARD.length - 60_000, SHARD.length - 59_000);
it.each([
  ['a changed image', changed, undefined, /the bytes of [0-9a-f]{64}\.jpg have the SHA-256/],
  ['a cut shard', SHARD.subarray(0, 40_000), undefined, /it ends too early/],
  ['bytes that are no shard', Buffer.alloc(2000, 'z'), undefined, /member 0 has no header/],
  ['another image', Buffer.from('other'), sha256Of(Buffer.from('one')), /SHA-256 \w+, expected/],
] as const)('%s is refused, and leaves nothing', async (_, bytes, sha256, problem) => {
  await expect(fetchObject(wanted('a', sha256), bucketOf(bytes))).rejects.toThrow(problem);
  expect(await readdir(join(folder, 'got'))).toEqual([]);
});

it('an answer that is shorter than announced is refused', async () => {
  const short = bucketOf(SHARD, 1000, SHARD.length + 1);
  await expect(fetchObject(wanted('a.tar'), short)).rejects.toThrow(/of 7\d+ bytes have come/);
});

it('several come at once, never more than are wanted, each once', async () => {
  const image = Buffer.from('one');
  let now = 0;
  let most = 0;
  const three = Promise.withResolvers<void>();
  const counting: StreamObject = async (uri) => {
    now += 1;
    most = Math.max(most, now);
    if (now === 3) three.resolve();
    await three.promise;
    now -= 1;
    return uri.endsWith('/gone') ? undefined : bucketOf(image)(uri);
  };
  const downloads = new Downloads(counting, 3);
  for (const name of ['a', 'b', 'a', 'c', 'd', 'gone', 'e', 'f', 'g'])
    await downloads.add(wanted(name, sha256Of(image)));
  await downloads.add(wanted('broken', 'another'));
  await downloads.end();
  expect(most).toBe(3);
  expect(downloads.counts).toMatchObject({
    files: 7,
    bytes: 21,
    missing: 1,
    failed: 1,
    problem: expect.stringContaining('s3://bucket/broken'),
  });
});
