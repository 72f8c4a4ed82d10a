import type { Reason } from '../model/outcome.ts';
import type { SettledResult } from '../model/result.ts';
import type { Task } from '../model/task.ts';
import type { ReceivedTask } from './task-queue.ts';

/** What becomes of one message: taken off the queue, or left because something broke. */
export type TaskEnd =
  | { readonly kind: 'done' }
  /** Its run is suspended: the task is sent again when the run is resumed. */
  | { readonly kind: 'suspended' }
  | { readonly kind: 'broken'; readonly error: unknown };

/**
 * Told what happens while tasks are worked. Nobody waits for it and it never throws: what it makes
 * of it (metrics, logs, nothing) changes nothing.
 */
export interface Observer {
  /** A result is kept in the ledger. After a crash the same one may be told again. */
  settled(result: SettledResult): void;
  /** A try at a target of the task came to nothing, and there will be another. */
  retrying(task: Task, url: string, reason: Reason): void;
  /** A host begins to be paused, for that many milliseconds from now. */
  backedOff(host: string, reason: Reason, pauseMs: number): void;
  /** Targets left a task, to come back later. */
  deferred(task: Task, targets: number): void;
  /** A task is this worker's. */
  taskBegun(task: Task): void;
  /** A message is over for this worker. */
  taskEnded(received: ReceivedTask, end: TaskEnd): void;
  /** A message that no one can read goes to the dead-letter queue. */
  poison(messageId: string, problem: string): void;
  /** Memory across runs that another version wrote was left alone. */
  memoryUnreadable(runId: string, packs: number): void;
  /** What was kept is not remembered: later runs load it again. */
  memoryFailed(runId: string, error: unknown): void;
  /** The queue did not answer. */
  receiveFailed(error: unknown): void;
}
