import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import type { Death } from './life.ts';
import { aTask, urlsOf } from './records.ts';
import { failure, image, type Script, status } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 6);
const [u0 = '', u1 = '', u2 = '', u3 = '', u4 = '', u5 = ''] = URLS;

/** One of each: at once, at the second try, never, with Retry-After, always failing, no image. */
const SITE: Script = {
  [u0]: [image('a')],
  [u1]: [failure('timeout'), image('b')],
  [u2]: [status(404)],
  [u3]: [status(429, { 'retry-after': '7' }), image('d')],
  [u4]: [status(500)],
  [u5]: [image('e')],
};

/** Two tasks of a group that share a URL, so that one of them leaves it to the other. */
const TASKS = [
  aTask('w0-g1-0', URLS, { group: 'g1' }),
  aTask('w1-g1-0', [u0, u5], { group: 'g1' }),
];

async function drained(deaths: readonly Death[], timeoutMs?: number): Promise<World> {
  const world = new World(SITE, { deaths, latencyMs: 100 });
  await world.begin(TASKS);
  await world.drain(timeoutMs);
  return world;
}

/** A time so short that nothing can be visited in the first invocation: all is moved on. */
const deathsAt = (calls: number): Death[] =>
  Array.from({ length: calls }, (_, at) => at + 1).flatMap((atCall) => [
    { atCall, when: 'before' },
    { atCall, when: 'after' },
  ]);

describe('a worker that dies at any call of a port', () => {
  it.each(deathsAt(60))(
    'at call $atCall, $when it: every target is settled once and summed',
    async (death) => {
      await expectExact(await drained([death]), URLS);
    },
  );

  it.each(deathsAt(40))('twice at call $atCall, $when it: the same', async (death) => {
    await expectExact(await drained([death, death]), URLS);
  });

  it.each(deathsAt(30))(
    'in each of nine lives, at call $atCall, $when it: the same',
    async (death) => {
      const world = await drained(Array.from({ length: 9 }, () => death));
      await expectExact(world, URLS);
    },
  );

  it('is tested at all the calls that a run makes', async () => {
    expect((await drained([])).calls).toBeLessThanOrEqual(60);
  });
});
