import { inLanes, placeOf } from '../model/lane.ts';
import type { Task } from '../model/task.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { TaskQueue } from '../ports/task-queue.ts';

/** Dependencies of sending what comes next. */
export interface NextPorts {
  readonly queue: TaskQueue;
  readonly ledger: Pick<Ledger, 'backlog'>;
}

/**
 * Sends what stands behind tasks that were just recorded as done, before their messages are removed:
 * a lane whose worker dies before is begun again by whoever receives the message. Rejects on
 * infrastructure errors.
 */
export async function sendNext(done: readonly Task[], { queue, ledger }: NextPorts): Promise<void> {
  const next = await Promise.all(inLanes(done).map((task) => ledger.backlog.after(task)));
  await sendAll(
    next.filter((task) => task !== undefined),
    queue,
  );
}

/** The same for a task that was found done: others of its lane may be done since then. */
export async function sendWaiting(
  { runId, taskId }: Task,
  { queue, ledger }: NextPorts,
): Promise<void> {
  const place = placeOf(taskId);
  if (place === undefined) return;
  const waiting = await ledger.backlog.waiting(runId, [place.group]);
  await sendAll(
    waiting.filter((task) => placeOf(task.taskId)?.lane === place.lane),
    queue,
  );
}

/** Sends tasks, if there are any. */
export async function sendAll(
  tasks: readonly Task[],
  queue: TaskQueue,
  wake?: string,
): Promise<void> {
  if (tasks.length > 0) await queue.send(tasks, wake);
}
