import type { Task } from '../task.ts';

/** A task as the queue gave it out. */
export interface ReceivedTask {
  readonly task: Task;
  /** Names this delivery to the queue. */
  readonly receipt: string;
  /** Deliveries so far, this one included. */
  readonly receiveCount: number;
}

/**
 * A queue of tasks in groups: while a task of a group is out, no other of that group is given.
 * Delivers at least once; a task whose id was sent in the last five minutes is dropped silently.
 */
export interface TaskQueue {
  /** Resolves when every task is kept. Throws when one is not; the others may be. */
  send(tasks: readonly Task[]): Promise<void>;
  /** Gives the task back: it and its group wait that long. At most 12 hours. */
  postpone(receipt: string, delayMs: number): Promise<void>;
  /** Takes a finished task off the queue now, not at the end of its batch. */
  remove(receipt: string): Promise<void>;
  /** Tasks waiting, roughly. */
  depth(): Promise<number>;
}
