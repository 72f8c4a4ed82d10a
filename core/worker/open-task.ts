import type { GroupMemory } from '../memory/group-memory.ts';
import type { Run } from '../model/run.ts';
import type { Target, Task } from '../model/task.ts';
import type { TaskMemory } from '../ports/ledger.ts';
import type { ReceivedTask } from '../ports/task-queue.ts';
import type { Deferral } from './deferral.ts';
import type { GroupHold } from './group-hold.ts';
import type { Lease } from './lease.ts';
import { isSettledInRound } from './settled-in-round.ts';
import { TaskTally } from './task-tally.ts';

/** A task that this worker works on. */
export interface OpenTask {
  readonly received: ReceivedTask;
  readonly task: Task;
  readonly run: Run;
  readonly memory: TaskMemory;
  /** Its group, with what is settled in it. */
  readonly hold: GroupHold;
  /** What earlier runs remember of its group; absent where the run takes nothing from them. */
  readonly past?: GroupMemory;
  readonly tally: TaskTally;
  readonly lease: Lease;
  /** Targets whose attempts are not over, or whose results are not kept. */
  underWay: number;
  /** Those of them whose results are being kept. */
  settling: number;
  /** Those of them whose images are not safe yet. */
  storing: number;
  /** Targets that wait for their next attempt. */
  readonly waiting: Set<Deferral>;
  /** Targets that were not begun since the run is suspended. */
  readonly suspended: Set<Target>;
  /** What was learned of these hosts is kept before the task is closed. */
  readonly hosts: Set<string>;
  /** The first infrastructure error that one of its targets met. */
  fault: { readonly error: unknown } | undefined;
  /** When it was last recorded how far it is, in milliseconds since 1970. */
  reportedMs: number;
  /** After this time none of its targets begins: the group has other tasks; in milliseconds since 1970. */
  untilMs: number;
}

/** A task that is to be worked on from now on, in milliseconds since 1970. */
export function createOpenTask(
  { received, lease }: Pick<OpenTask, 'received' | 'lease'>,
  known: Pick<OpenTask, 'run' | 'memory' | 'hold' | 'past'>,
  nowMs: number,
): OpenTask {
  return {
    ...known,
    received,
    lease,
    task: received.task,
    tally: new TaskTally(received.task),
    underWay: 0,
    settling: 0,
    storing: 0,
    waiting: new Set(),
    suspended: new Set(),
    hosts: new Set(),
    fault: undefined,
    reportedMs: nowMs,
    untilMs: Number.POSITIVE_INFINITY,
  };
}

/** The targets that nobody has settled yet; the others are counted. */
export function unsettled({ task, tally, hold }: OpenTask): readonly Target[] {
  return task.targets.filter(({ url }) => {
    const known = hold.find(url);
    if (!isSettledInRound(known, task.round)) return true;
    tally.addKnown(url, known);
    return false;
  });
}

/**
 * Which delivery of a task this is, where an earlier one did not end well: the two may each make a
 * rest of it, and then must not make it under the same id. 0 under the message of another task.
 */
export function deliveryOf({
  received: { receiveCount, isInPlace },
  memory,
}: OpenTask): number | undefined {
  if (isInPlace) return 0;
  return receiveCount - 1 > memory.faults ? receiveCount : undefined;
}
