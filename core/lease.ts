import type { Clock } from './ports/clock.ts';
import type { Ledger } from './ports/ledger.ts';
import type { ReceivedTask, TaskQueue } from './ports/task-queue.ts';

/** A delivery that is younger is certain to outlast a worker: in milliseconds. */
const YOUNG_MS = 60_000;
/** A delivery is held so much longer than its worker may live, in milliseconds. */
const MARGIN_MS = 10_000;

/** The time in which a task was this worker's is over: another one may have it. */
export class LeaseOverError extends Error {
  override readonly name = 'LeaseOverError';
  constructor() {
    super('the time for this task is over: another worker may have it');
  }
}

/** What a lease is made of. */
export interface LeasedPorts {
  readonly clock: Clock;
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
}

/**
 * Makes sure that a task stays this worker's until the deadline. Who polls may have had the message
 * for a while: functions are throttled at times, for as long as the message is hidden.
 *
 *     received ───── throttled ───── worker A begins ──── hidden no more: worker B ──── A's limit
 *
 * SQS tells the age of a first delivery only; any other one is held anew. Throws when the delivery
 * is not ours any more.
 */
export async function holdUntil(
  deadlineMs: number,
  { receipt, receivedMs }: ReceivedTask,
  { clock, queue }: LeasedPorts,
): Promise<void> {
  const now = clock.now();
  if (receivedMs !== undefined && now - receivedMs < YOUNG_MS) return;
  await queue.postpone(receipt, deadlineMs - now + MARGIN_MS);
}

/** The ports of a worker until its deadline: afterwards nothing is written. @throws LeaseOverError */
export function leased<Ports extends LeasedPorts>(ports: Ports, deadlineMs: number): Ports {
  const { clock, queue, ledger } = ports;
  const { tasks, results } = ledger;
  const within = <Given extends readonly unknown[], T>(write: (...given: Given) => Promise<T>) => {
    return async (...given: Given): Promise<T> => {
      if (clock.now() >= deadlineMs) throw new LeaseOverError();
      return write(...given);
    };
  };
  return {
    ...ports,
    queue: {
      send: within((sent) => queue.send(sent)),
      postpone: within((receipt, delayMs) => queue.postpone(receipt, delayMs)),
      remove: within((receipt) => queue.remove(receipt)),
      depth: () => queue.depth(),
    } satisfies TaskQueue,
    ledger: {
      ...ledger,
      results: { settle: within((settled) => results.settle(settled)) },
      tasks: {
        recall: (task) => tasks.recall(task),
        doneAmong: (runId, taskIds) => tasks.doneAmong(runId, taskIds),
        openRegistered: (runId) => tasks.openRegistered(runId),
        keepPoison: (messageId, body) => tasks.keepPoison(messageId, body),
        register: within((made) => tasks.register(made)),
        record: within((progress) => tasks.record(progress)),
        remember: within((task, memory) => tasks.remember(task, memory)),
        countSoloStart: within((task) => tasks.countSoloStart(task)),
      },
    } satisfies Ledger,
  };
}
