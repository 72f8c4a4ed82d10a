import { expect, it } from 'vitest';
import { LANES, placeOf } from '../../core/model/lane.ts';
import { FIRST_CHECKPOINT } from '../../core/model/run.ts';
import type { Task } from '../../core/model/task.ts';
import { seed } from '../../core/seed/seed.ts';
import { aList } from '../simulation/scripted-source.ts';
import { aRun, RUN_ID, urlsOf } from '../worker/records.ts';
import { SeedWorld } from './seed-world.ts';

const GROUPS = 8;
const GROUPING = { grouping: { groups: GROUPS, hostShards: {} } };
/** A host with most of the list, and many others. */
const GIANT = [
  ...urlsOf('giant.example', 12_000),
  ...Array.from({ length: 400 }, (_, at) => urlsOf(`h${at}.example`, 5)).flat(),
];
const SMALL = Array.from({ length: 100 }, (_, at) => `https://small${at}.example/0.png`);

it('the queue holds as many tasks of a run as its groups have lanes, however long the list is', async () => {
  const world = new SeedWorld({ 'a.txt': GIANT }, GROUPING, { windowSize: 5000 });
  await world.seed();
  expect(world.seeded().length).toBeGreaterThan(10 * GROUPS);
  const first = world.takeAll();
  expect(first.length).toBeLessThanOrEqual(GROUPS * LANES);
  // Each task that ends is followed by one: as many as were taken.
  const next: Task[] = [];
  for (const task of first) {
    await world.end(task);
    const after = await world.ledger.backlog.after(task);
    if (after !== undefined) next.push(after);
  }
  expect(next.length).toBeLessThanOrEqual(first.length);
  for (const { taskId } of next) expect(placeOf(taskId)).toBeDefined();
});

it('a small run that begins beside a giant one waits behind two tasks of each group', async () => {
  const lists = { 'a.txt': GIANT, 'b.txt': SMALL };
  const world = new SeedWorld(
    lists,
    { ...GROUPING, lists: [aList('a.txt')] },
    { windowSize: 5000 },
  );
  await world.seed();
  const small = { ...aRun([]), ...GROUPING, runId: 'small', lists: [aList('b.txt')] };
  world.ledger.runs.put({ ...small, seeding: 'open', checkpoint: FIRST_CHECKPOINT });
  const { clock, queue, ledger, source } = world;
  const job = seed({ runId: 'small', wake: false }, clock.now() + 900_000, {
    clock,
    queue,
    ledger,
    source,
    windowSize: 5000,
  });
  expect(await clock.drive(job)).toEqual({ kind: 'finished' });
  const before = new Map<string, number>();
  for (const { runId, group } of world.takeAll()) {
    if (runId === RUN_ID) before.set(group, (before.get(group) ?? 0) + 1);
    else expect(before.get(group) ?? 0).toBeLessThanOrEqual(LANES);
  }
  expect(Math.max(...before.values())).toBe(LANES);
});
