import type { Task } from '../task.ts';

/** A task as the queue gave it out. */
export interface ReceivedTask {
  readonly task: Task;
  /** Names this delivery to the queue. */
  readonly receipt: string;
  /** Deliveries so far, this one included. */
  readonly receiveCount: number;
  /** When it was received, in milliseconds since 1970, where the queue tells: the first time. */
  readonly receivedMs?: number;
}

/**
 * A queue of tasks in groups: while a task of a group is out, no other of that group is given.
 * Delivers at least once; a task whose id was sent in the last five minutes is dropped silently.
 */
export interface TaskQueue {
  /** Resolves when every task is kept. Throws when one is not; the others may be. */
  send(tasks: readonly Task[]): Promise<void>;
  /**
   * From now on the task and its group wait that long, at most 12 hours: to give it back, or to hold
   * it. Throws when it is not out under this receipt any more.
   */
  postpone(receipt: string, delayMs: number): Promise<void>;
  /** Takes a finished task off the queue now, not at the end of its batch. */
  remove(receipt: string): Promise<void>;
  /** Tasks waiting, roughly. */
  depth(): Promise<number>;
}
