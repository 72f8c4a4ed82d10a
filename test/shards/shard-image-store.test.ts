import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemoryShardObjects } from '../../adapters/memory/memory-shard-objects.ts';
import { ShardImageStore } from '../../adapters/shards/shard-image-store.ts';
import type { Image, StoredImage } from '../../core/ports/images.ts';
import { instead } from '../instead.ts';
import { settled, VirtualClock } from '../virtual-clock.ts';
import { aRun } from '../worker/records.ts';

const RUN = aRun([]);
const MIB = 1024 * 1024;

function anImage(text: string, size = text.length): Image {
  const bytes = Buffer.alloc(size, text);
  const sha256 = hash('sha256', bytes, 'hex');
  return { url: `https://a.example/${text}`, bytes, sha256, format: 'jpeg', width: 1, height: 1 };
}

/** A store of a worker, with the requests that it makes. */
function aStore(objects = new MemoryShardObjects()) {
  const clock = new VirtualClock();
  const requests: string[] = [];
  let names = 0;
  const noting = instead(objects, {
    put: (key: string, bytes: Uint8Array) => {
      requests.push('put');
      return objects.put(key, bytes);
    },
    begin: (key: string) => {
      requests.push('begin');
      return objects.begin(key);
    },
    putPart: (key: string, id: string, number: number, bytes: Uint8Array) => {
      requests.push(`part ${number}`);
      return objects.putPart(key, id, number, bytes);
    },
    complete: (...given: Parameters<MemoryShardObjects['complete']>) => {
      requests.push('complete');
      return objects.complete(...given);
    },
  });
  const newName = () => {
    names += 1;
    return `shard-${names}`;
  };
  const store = new ShardImageStore({ objects: noting, clock, newName });
  return { clock, objects, requests, store };
}

async function isKept({ kept }: StoredImage): Promise<boolean> {
  let is = false;
  void kept?.then(() => {
    is = true;
  });
  await settled();
  return is;
}

describe('a shard', () => {
  it('is complete four seconds after its first image, in one request', async () => {
    const { clock, requests, store } = aStore();
    const first = await store.put(RUN, anImage('one'));
    await clock.advance(3999);
    const second = await store.put(RUN, anImage('two'));
    expect([await isKept(first), requests]).toEqual([false, []]);
    await clock.advance(1);
    expect([await isKept(first), await isKept(second), requests]).toEqual([true, true, ['put']]);
    expect(second.file).toBe(first.file);
  });

  it('is complete after one second where somebody waits for nothing else', async () => {
    const { clock, store } = aStore();
    const first = await store.put(RUN, anImage('one'));
    store.hurry(RUN, false);
    await clock.advance(999);
    expect(await isKept(first)).toBe(false);
    await clock.advance(1);
    expect(await isKept(first)).toBe(true);
  });

  it('is complete at once where its worker has nothing else to do', async () => {
    const { clock, store } = aStore();
    const first = await store.put(RUN, anImage('one'));
    store.hurry(RUN, true);
    await clock.advance(100);
    expect(await isKept(first)).toBe(true);
  });

  it('is complete at once where it has waited for longer already', async () => {
    const { clock, store } = aStore();
    const first = await store.put(RUN, anImage('one'));
    await clock.advance(2000);
    store.hurry(RUN, false);
    await clock.advance(100);
    expect(await isKept(first)).toBe(true);
  });

  it('of many bytes is sent in parts, and complete when it is large', async () => {
    const { requests, store } = aStore();
    const images = Array.from({ length: 13 }, (_, at) => anImage(`i${at}`, 5 * MIB));
    const stored: StoredImage[] = [];
    for (const image of images) stored.push(await store.put(RUN, image));
    await settled();
    const parts = Array.from({ length: 7 }, (_, at) => `part ${at + 1}`);
    expect(requests).toEqual(['begin', ...parts, 'complete']);
    expect(await Promise.all(stored.map(isKept))).toEqual(images.map(() => true));
  });

  it('holds the images of one run', async () => {
    const { store } = aStore();
    const one = await store.put(RUN, anImage('one'));
    const other = await store.put({ ...RUN, runId: 'other' }, anImage('one'));
    expect([one.file, other.file]).toEqual([
      'memory://images/run-1/shard-1.tar',
      'memory://images/other/shard-2.tar',
    ]);
  });

  it('that cannot be written keeps none of its images, and the next one does', async () => {
    const failing = instead(new MemoryShardObjects(), {
      put: async () => {
        throw new Error('the bucket is away');
      },
    });
    const clock = new VirtualClock();
    const store = new ShardImageStore({ objects: failing, clock, newName: () => 'one' });
    const first = await store.put(RUN, anImage('one'));
    await clock.advance(4000);
    await expect(first.kept).rejects.toThrow('the bucket is away');
    const again = await store.put(RUN, anImage('one'));
    expect(again.kept).not.toBe(first.kept);
  });

  it('is a tar file that tar can read, each member where its place says', async () => {
    const { clock, objects, store } = aStore();
    const images = [anImage('one'), anImage('two', 512), anImage('three', 1000), anImage('', 0)];
    const places = await Promise.all(images.map((image) => store.put(RUN, image)));
    await clock.advance(4000);
    const whole = objects.peek(places[0]?.file ?? '') ?? new Uint8Array();
    const listed = execFileSync('tar', ['-tf', '-'], { input: whole, encoding: 'utf8' });
    expect(listed.trim().split('\n')).toEqual(images.map(({ sha256 }) => `${sha256}.jpg`));
    const read = places.map(({ file, offset = 0, length = 0 }) =>
      hash('sha256', objects.peek(file)?.subarray(offset, offset + length) ?? 'none', 'hex'),
    );
    expect(read).toEqual(images.map(({ sha256 }) => sha256));
  });
});

describe('a worker with more than it may hold', () => {
  it('takes an image when others are sent', async () => {
    const { clock, store } = aStore();
    const runs = Array.from({ length: 10 }, (_, at) => ({ ...RUN, runId: `run-${at}` }));
    const taken: string[] = [];
    for (const run of runs)
      void store.put(run, anImage(run.runId, 7 * MIB)).then(({ file }) => taken.push(file));
    await settled();
    expect(taken).toHaveLength(9);
    await clock.advance(4000);
    expect(taken).toHaveLength(10);
  });
});
