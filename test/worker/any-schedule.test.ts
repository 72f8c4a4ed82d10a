import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import type { Death } from './life.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { type Answer, failure, image, status } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = [...urlsOf('a.example', 6), ...urlsOf('b.example', 6)];

const answer: fc.Arbitrary<Answer> = fc.constantFrom(
  image('a'),
  image('b'),
  status(404),
  status(500),
  status(429, { 'retry-after': '3' }),
  failure('timeout'),
  'killer' as const,
);
const death: fc.Arbitrary<Death> = fc.record({
  atCall: fc.integer({ min: 1, max: 40 }),
  when: fc.constantFrom('before' as const, 'after' as const),
});
const schedule = fc.record({
  answers: fc.array(fc.array(answer, { minLength: 1, maxLength: 4 }), {
    minLength: URLS.length,
    maxLength: URLS.length,
  }),
  /** Tasks as places of URLs; two of them may share some. */
  tasks: fc.array(fc.array(fc.nat(URLS.length - 1), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 6,
  }),
  groups: fc.constantFrom(1, 3),
  deaths: fc.array(death, { maxLength: 12 }),
  timeouts: fc.array(fc.constantFrom(5000, 20_500, 180_000), { maxLength: 8 }),
  perGroup: fc.constantFrom('one' as const, 'many' as const),
  latencyMs: fc.constantFrom(0, 100),
  perHost: fc.constantFrom(1, 6),
  sentTwice: fc.boolean(),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/** One host, one group: as the seeder would have it. */
function tasksOf({ tasks, groups }: Schedule) {
  return tasks.map((places, at) => {
    const host = groups === 1 ? undefined : at % 2 === 0 ? 'a.example' : 'b.example';
    const urls = places.map((place) => URLS[place] ?? '');
    const own = urls.filter((url) => host === undefined || url.includes(host));
    const [first = `https://${host}/0.png`] = own;
    return aTask(`w${at}-g-0`, own.length > 0 ? own : [first], { group: host ?? 'g' });
  });
}

async function play(schedule: Schedule): Promise<{ world: World; urls: readonly string[] }> {
  const script = Object.fromEntries(URLS.map((url, at) => [url, schedule.answers[at] ?? []]));
  const { deaths, perGroup, latencyMs, perHost, timeouts } = schedule;
  const world = new World(script, { deaths, perGroup, latencyMs, settings: { perHost } });
  const tasks = tasksOf(schedule);
  await world.begin(tasks);
  if (schedule.sentTwice) {
    await world.clock.advance(300_001);
    await world.queue.send(tasks);
  }
  await world.drain(undefined, timeouts);
  return { world, urls: tasks.flatMap(({ targets }) => targets.map(({ url }) => url)) };
}

describe('whatever happens', () => {
  it('a run ends, with one result for each URL and exact sums', async () => {
    const property = fc.asyncProperty(schedule, async (plan) => {
      const { world, urls } = await play(plan);
      await expectExact(world, urls);
    });
    await fc.assert(property, { numRuns: 300, seed: 1 });
  });

  it('no host sees more connections at once than it may, and no task is left open', async () => {
    const property = fc.asyncProperty(schedule, async (plan) => {
      const { world } = await play(plan);
      expect(world.site.mostAtOnce).toBeLessThanOrEqual(plan.perHost);
      expect(world.ledger.tasks.all(RUN_ID).every(({ done }) => done)).toBe(true);
    });
    await fc.assert(property, { numRuns: 100, seed: 2 });
  });
});
