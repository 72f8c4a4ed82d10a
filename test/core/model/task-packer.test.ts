import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../../contract/limits.ts';
import { encodeTask } from '../../../contract/task-message.ts';
import type { Task } from '../../../core/model/task.ts';
import { packWindow } from '../../../core/seed/window-packer.ts';

type Entry = readonly [group: string, url: string];

function pack(
  entries: readonly Entry[],
  packer = packWindow({ runId: 'run-1', round: 0, window: 7 }, QUEUE_LIMITS),
): readonly Task[] {
  const full = entries.flatMap(([group, url]) => packer.add(group, { url }) ?? []);
  return [...full, ...packer.flush()];
}

function entries(group: string, count: number, length = 0): readonly Entry[] {
  const tail = 'x'.repeat(length);
  return Array.from({ length: count }, (_, at) => [group, `http://${group}.test/${at}${tail}`]);
}

function bytesOf(task: Task): number {
  return Buffer.byteLength(encodeTask(task));
}

/** URLs of any length up to the longest, and characters that JSON has to escape. */
const anyEntries = fc.array(
  fc.record({
    group: fc.constantFrom('g1', 'g2', 'g4095'),
    path: fc.string({ unit: fc.constantFrom('a', '"', '\\', 'é', '/'), maxLength: 40 }),
    repeat: fc.integer({ min: 1, max: 200 }),
  }),
  { maxLength: 300 },
);

describe('tasks of one window', () => {
  it('hold the longest number of targets, and no more', () => {
    const sizes = pack(entries('g1', QUEUE_LIMITS.taskTargets * 2 + 1)).map(
      ({ targets }) => targets.length,
    );
    expect(sizes).toEqual([QUEUE_LIMITS.taskTargets, QUEUE_LIMITS.taskTargets, 1]);
  });

  it('hold URLs of one group only', () => {
    const tasks = pack([...entries('g1', 3), ...entries('g2', 2), ...entries('g1', 1)]);
    expect(tasks.map(({ group, targets }) => [group, targets.length])).toEqual([
      ['g1', 4],
      ['g2', 2],
    ]);
  });

  it('are closed by bytes where URLs are long', () => {
    const tasks = pack(entries('g1', 30, 8000));
    expect(tasks.map(({ targets }) => targets.length)).toEqual([7, 7, 7, 7, 2]);
    for (const task of tasks) expect(bytesOf(task)).toBeLessThanOrEqual(QUEUE_LIMITS.taskBytes);
  });

  it('are closed by the bytes of the spellings, too', () => {
    const packer = packWindow({ runId: 'run-1', round: 0, window: 0 }, QUEUE_LIMITS);
    const targets = Array.from({ length: 30 }, (_, at) => {
      return { url: `http://a.test/${at}`, foundAs: `http://a.test/${at}#${'é'.repeat(2000)}` };
    });
    const tasks = [
      ...targets.flatMap((target) => packer.add('g1', target) ?? []),
      ...packer.flush(),
    ];
    expect(tasks.flatMap((task) => task.targets)).toEqual(targets);
    expect(tasks.length).toBeGreaterThan(1);
    for (const task of tasks) expect(bytesOf(task)).toBeLessThanOrEqual(QUEUE_LIMITS.taskBytes);
  });

  it('are filled, and just not over the limit, where JSON has to escape much', () => {
    const [task] = pack(
      entries('g1', 99, 0).map(([group, url]) => [group, `${url}${'"'.repeat(298)}`]),
    );
    expect(task === undefined ? 0 : bytesOf(task)).toBeGreaterThan(QUEUE_LIMITS.taskBytes - 1200);
    expect(task === undefined ? 0 : bytesOf(task)).toBeLessThanOrEqual(QUEUE_LIMITS.taskBytes);
  });

  it('are named by window, group, lane and place in it', () => {
    const ids = pack([...entries('g1', 100), ...entries('g2', 1)]).map(({ taskId }) => taskId);
    expect(ids).toEqual(['w7-g1-1-0', 'w7-g1-0-0', 'w7-g2-1-0']);
  });

  it('carry the run, the round and the URLs', () => {
    const [task] = pack(
      [['g1', 'http://a.test/']],
      packWindow({ runId: 'run-2', round: 3, window: 0 }, QUEUE_LIMITS),
    );
    expect(task).toEqual({
      runId: 'run-2',
      taskId: 'w0-g1-0-0',
      group: 'g1',
      round: 3,
      targets: [{ url: 'http://a.test/' }],
    });
  });

  it('are not made when there are no URLs, and no task twice', () => {
    const packer = packWindow({ runId: 'run-1', round: 0, window: 0 }, QUEUE_LIMITS);
    expect(packer.flush()).toEqual([]);
    packer.add('g1', { url: 'http://a.test/' });
    expect(packer.flush()).toHaveLength(1);
    expect(packer.flush()).toEqual([]);
  });

  it('keep every limit and every URL exactly once, and are the same each time', () => {
    fc.assert(
      fc.property(anyEntries, (drawn) => {
        const given = drawn.map(
          ({ group, path, repeat }, at): Entry => [
            group,
            `http://a.test/${at}${path.repeat(repeat)}`,
          ],
        );
        const tasks = pack(given);
        for (const task of tasks) {
          expect(bytesOf(task)).toBeLessThanOrEqual(QUEUE_LIMITS.taskBytes);
          expect(task.targets.length).toBeLessThanOrEqual(QUEUE_LIMITS.taskTargets);
        }
        const packed = tasks.flatMap(({ group, targets }) =>
          targets.map(({ url }) => `${group} ${url}`),
        );
        expect(packed.toSorted()).toEqual(given.map((entry) => entry.join(' ')).toSorted());
        expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(tasks.length);
        expect(pack(given)).toEqual(tasks);
      }),
      { numRuns: 50 },
    );
  });
});
