import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, urlsOf } from './records.ts';
import { image } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 60);
const SITE = Object.fromEntries(URLS.map((url) => [url, [image(url)]]));
const [u0 = '', u1 = ''] = URLS;

describe('what breaks on our side', () => {
  it('breaks only its task', async () => {
    const imageStore = {
      put: async (_: unknown, { url }: { readonly url: string }) => {
        if (url === u0) throw new Error('the store is down');
        return { file: 'kept' };
      },
    };
    const world = new World(SITE, { imageStore });
    await world.begin([
      aTask('w0-g1-0', [u0, u1]),
      aTask('w0-g2-0', URLS.slice(2, 4), { group: 'g2' }),
    ]);
    const ends = (await world.deliver()) ?? [];
    expect(new Map(ends.map(({ receipt, end }) => [receipt, end.kind]))).toEqual(
      new Map([
        ['message-1#1', 'broken'],
        ['message-2#1', 'done'],
      ]),
    );
    expect(world.result(u0)).toBeUndefined();
    expect(world.result(u1)?.status).toBe('succeeded');
  });

  it('costs no result when it is mended', async () => {
    let down = true;
    const imageStore = {
      put: async () => {
        if (down) throw new Error('the store is down');
        return { file: 'kept' };
      },
    };
    const world = new World(SITE, { imageStore });
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.deliver();
    down = false;
    await world.drain();
    expect(world.results.every(({ status: end }) => end === 'succeeded')).toBe(true);
    await expectExact(world, URLS);
  });

  it('ends an invocation only when all that was begun is over', async () => {
    const imageStore = {
      put: async (_: unknown, { url }: { readonly url: string }) => {
        if (url === u0) throw new Error('the store is down');
        return { file: 'kept' };
      },
    };
    const world = new World(SITE, { imageStore, latencyMs: 100 });
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.deliver();
    expect(world.results).toHaveLength(URLS.length - 1);
  });

  it('in a hook that throws for one image only ends that image', async () => {
    const onImage = async ({ url }: { readonly url: string }) => {
      if (url === u0) throw new Error('the hook has a fault');
      return { kind: 'keep' } as const;
    };
    const world = new World(SITE, { onImage });
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.drain();
    expect(world.result(u0)).toMatchObject({ reason: 'crawler-fault' });
    expect(await world.progress()).toMatchObject({ succeeded: 59, failed: 1 });
    await expectExact(world, URLS);
  });

  it('is said of a task of a run that nobody knows', async () => {
    const world = new World(SITE);
    await world.queue.send([aTask('w0-g1-0', [u0])]);
    const [worked] = (await world.deliver()) ?? [];
    expect(worked?.end).toMatchObject({ kind: 'broken', error: { name: 'UnknownRunError' } });
  });
});

describe('the hook for images', () => {
  it('may leave an image out', async () => {
    const onImage = async () => ({ kind: 'skip', detail: 'too small' }) as const;
    const world = new World(SITE, { onImage });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    expect(world.result(u0)).toMatchObject({
      status: 'skipped',
      reason: 'filtered',
      detail: 'too small',
    });
    expect(world.images.size).toBe(0);
    await expectExact(world, [u0]);
  });

  it('may add facts', async () => {
    const world = new World(SITE, {
      onImage: async () => ({ kind: 'keep', extra: { colour: 'red' } }),
    });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    expect(world.result(u0)?.extra).toEqual({ colour: 'red' });
  });

  it('may miscalculate: a number that has no JSON is left out', async () => {
    const extra = {
      sharpness: Number.NaN,
      contrast: Number.POSITIVE_INFINITY,
      share: 0.5,
      old: false,
    };
    const world = new World(SITE, { onImage: async () => ({ kind: 'keep', extra }) });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    expect(world.result(u0)?.extra).toEqual({ share: 0.5, old: false });
  });
});
