import { hash } from 'node:crypto';
import type { Target, Task } from '../model/task.ts';
import { TaskPacker } from '../model/task-packer.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Observer } from '../ports/observer.ts';
import type { QueueLimits, TaskQueue } from '../ports/task-queue.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { Deferral } from './deferral.ts';
import { deliveryOf, type OpenTask } from './open-task.ts';

/** Dependencies of closing tasks. */
export interface ClosePorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
  readonly writer: BatchWriter;
  readonly observer: Observer;
}

/** Targets that are due within so much of the first one share a task: in milliseconds, and as a factor. */
const SHARED_MS = 5000;
const SHARED_FACTOR = 1.5;

/** Targets that are to be sent together, and how long they wait from now on. */
interface Rest {
  readonly deferrals: readonly Deferral[];
  readonly waitMs: number;
}

/**
 * Closes tasks of one group and one round of a run: what waits becomes new tasks, joined as far as
 * it is due at one time. They are sent, then known to the ledger, and only then are these done. Their messages can be removed then:
 *
 *     keep hosts ─ send the rest ─ register it ─ record done
 *
 * Known first, a rest that was never sent could stay open for ever: the next delivery may settle
 * all and need none. Rejects on infrastructure errors.
 */
export async function closeTasks(works: readonly OpenTask[], ports: ClosePorts): Promise<void> {
  const { clock, ledger, observer, queue, writer } = ports;
  const check = () => {
    for (const { lease } of works) lease.check(clock.now());
  };
  await writer.hostsKept(works.flatMap(({ hosts }) => [...hosts]));
  check();
  const waiting = works.flatMap((work) => [...work.waiting]);
  const rests = restsOf(waiting, clock.now(), queue.limits).map((rest) => {
    return { rest, tasks: pack(works, rest, queue.limits) };
  });
  for (const { rest, tasks } of rests) {
    if (rest.waitMs > 0) await queue.defer(tasks, rest.waitMs);
    else await queue.send(tasks);
    check();
  }
  const made = rests.flatMap(({ tasks }) => tasks);
  if (made.length > 0) await ledger.tasks.register(made);
  for (const { tally, task, waiting } of works) {
    tally.addElsewhere(waiting.size);
    if (waiting.size > 0) observer.deferred(task, waiting.size);
  }
  check();
  const nowMs = clock.now();
  await Promise.all(works.map(({ tally }) => ledger.tasks.record(tally.progress(nowMs, true))));
  for (const { hold, task } of works) hold.taskDone(task.taskId);
}

/** In the order in which they are due; what was only short of time waits for nothing. */
function restsOf(
  waiting: readonly Deferral[],
  nowMs: number,
  { deferralMs }: QueueLimits,
): readonly Rest[] {
  const sorted = waiting.toSorted((a, b) => a.dueMs - b.dueMs);
  const rests: { deferrals: Deferral[]; waitMs: number; mostMs: number }[] = [];
  for (const deferral of sorted) {
    const waitMs = Math.min(deferralMs, Math.max(0, deferral.dueMs - nowMs));
    const last = rests.at(-1);
    const isShared = last !== undefined && waitMs <= last.mostMs && waitMs > 0 === last.waitMs > 0;
    if (isShared) {
      last.deferrals.push(deferral);
      last.waitMs = waitMs;
    } else {
      const mostMs = waitMs * SHARED_FACTOR + SHARED_MS;
      rests.push({ deferrals: [deferral], waitMs, mostMs });
    }
  }
  return rests;
}

/**
 * Named by what they are made of: a queue silently drops an id that it saw in the last five
 * minutes, so the same rest has the same id and every other one another.
 */
function pack(
  works: readonly OpenTask[],
  { deferrals }: Rest,
  limits: QueueLimits,
): readonly Task[] {
  const [first] = works;
  if (first === undefined) return [];
  const { runId, round, group } = first.task;
  const parents = works.map((work) => `${work.task.taskId}@${deliveryOf(work) ?? ''}`).join(' ');
  const generation = 1 + Math.max(...works.map(({ task }) => task.generation ?? 0));
  const nameOf = (name: string, part: number, targets: readonly Target[]) => {
    const text = `${parents} ${part} ${JSON.stringify(targets)}`;
    return `r-${name}-${hash('sha256', text, 'base64url').slice(0, 22)}`;
  };
  const packer = new TaskPacker({ runId, round, generation, nameOf }, limits);
  const full = deferrals.flatMap(
    ({ target, tries }) => packer.add(group, { ...target, tries }) ?? [],
  );
  return [...full, ...packer.flush()];
}
