import type { Clock } from './ports/clock.ts';
import type { Ledger, TaskMemory } from './ports/ledger.ts';
import type { TaskQueue } from './ports/task-queue.ts';
import type { Run } from './run.ts';
import { restOf, type Target, type Task } from './task.ts';
import type { TaskTally } from './task-tally.ts';
import type { TaskEnd } from './work.ts';

/** What ending a delivery needs of the world. */
export interface ClosePorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
}

/** Times a task may be given back to wait before its rest becomes a new message with a fresh count. */
const MAX_RETURNS = 2;
/** A target that is not settled yet, and what it has to wait for. */
export interface Open {
  readonly target: Target;
  readonly tries: number;
  /** Milliseconds from now; 0 when only time was missing. */
  readonly waitMs: number;
  /** The host asked for quiet: its whole group has to wait, not only this target. */
  readonly isQuiet: boolean;
}

/** A task that is worked. */
export interface OpenTask {
  readonly task: Task;
  readonly run: Run;
  readonly memory: TaskMemory;
  readonly tally: TaskTally;
  /** Which delivery this is, where an earlier one did not end well. */
  readonly delivery: number | undefined;
  reportedMs: number;
}

/**
 * Decides a message by what is left open of its task: done, given back to wait, or done with its
 * rest as a task of its own. Throws when we or AWS broke.
 */
export async function closeTask(
  work: OpenTask,
  receipt: string,
  open: readonly Open[],
  ports: ClosePorts,
): Promise<TaskEnd> {
  const { task, memory } = work;
  if (open.length === 0) return finish(work, ports);
  const waitMs = Math.max(...open.map((left) => left.waitMs));
  // What only itself has to wait for does not hold up its group. And a receive count that nears
  // the dead-letter queue begins anew.
  const holdsGroup = waitMs > 0 && open.some(({ isQuiet }) => isQuiet);
  if (!holdsGroup || memory.returns >= MAX_RETURNS) return moveOn(work, open, waitMs, ports);
  const tries = Object.fromEntries(
    open.map((left) => [task.targets.indexOf(left.target), left.tries]),
  );
  await ports.ledger.tasks.record(work.tally.progress(ports.clock.now(), false));
  return giveBack(task, receipt, { ...memory, tries }, waitMs, ports);
}

/**
 * Gives a task back to wait, with what its next delivery must know. The ledger first: a worker that
 * dies in between costs one try at most, never a target.
 */
export async function giveBack(
  task: Task,
  receipt: string,
  memory: TaskMemory,
  waitMs: number,
  { ledger, queue }: ClosePorts,
): Promise<TaskEnd> {
  const { tries, returns, faults } = memory;
  await ledger.tasks.remember(task, { tries, returns: returns + 1, faults });
  await queue.postpone(receipt, waitMs);
  return { kind: 'postponed' };
}

/**
 * The rest becomes a new task: sent, then known to the ledger, and only then is this one done.
 * Known first, a rest that was never sent could stay open for ever: the next delivery may settle
 * all and need none.
 */
async function moveOn(
  work: OpenTask,
  open: readonly Open[],
  waitMs: number,
  ports: ClosePorts,
): Promise<TaskEnd> {
  const { clock, ledger, queue } = ports;
  const targets = open.map(({ target, tries }) => ({ ...target, tries }));
  const notBeforeMs = waitMs > 0 ? clock.now() + waitMs : undefined;
  const rest = restOf(work.task, targets, notBeforeMs, work.delivery);
  await queue.send([rest]);
  await ledger.tasks.register([rest]);
  work.tally.addElsewhere(open.length);
  return finish(work, ports);
}

async function finish({ tally }: OpenTask, { clock, ledger }: ClosePorts): Promise<TaskEnd> {
  await ledger.tasks.record(tally.progress(clock.now(), true));
  return { kind: 'done' };
}
