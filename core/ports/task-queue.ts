import type { Task, TaskLimits } from '../model/task.ts';

/** A task as the queue gave it out. */
export interface ReceivedTask {
  readonly task: Task;
  /** Names this delivery to the queue. */
  readonly receipt: string;
  /** Deliveries so far, this one included. */
  readonly receiveCount: number;
  /**
   * When it was received, in milliseconds since 1970: from an event only where it is the first
   * delivery, from `receive` the time just before the request was sent.
   */
  readonly receivedMs?: number;
  /** The message is that of a task before it in its lane, which is done. */
  readonly isInPlace?: true;
}

/** One message as it was received: a task, or a body that is not a task. */
export type Delivery =
  | { readonly kind: 'task'; readonly received: ReceivedTask }
  | {
      readonly kind: 'poison';
      readonly messageId: string;
      readonly receipt: string;
      readonly problem: string;
    };

/** What to receive, and how. */
export interface ReceiveOptions {
  /** Most deliveries; no more are given than the queue's limit, whatever is asked for. */
  readonly max: number;
  /** How long to wait for the first one, in milliseconds: at most 20 seconds. */
  readonly waitMs: number;
  /** How long the deliveries are the caller's alone, in milliseconds. */
  readonly visibilityMs: number;
}

/** How much a queue takes. */
export interface QueueLimits extends TaskLimits {
  /** Most messages that are received or removed by one request. */
  readonly messages: number;
  /** Longest time that a task can be deferred by, in milliseconds. */
  readonly deferralMs: number;
}

/**
 * A queue of tasks in groups: while a task of a group is out, no other of that group is given.
 * Delivers at least once; a task whose id was sent in the last five minutes is dropped silently.
 */
export interface TaskQueue {
  readonly limits: QueueLimits;
  /**
   * Resolves when every task is kept. Rejects when one is not; the others may be. `wake` names an
   * occasion on which tasks are sent again: they are not dropped for having been sent before it.
   */
  send(tasks: readonly Task[], wake?: string): Promise<void>;
  /**
   * Sends tasks that come back to their groups after that many milliseconds, up to the queue's limit;
   * resolves when every task is kept; rejects when one is not, the others may be. A task may come
   * back twice. It comes back as if sent then: under an id that was sent in the last five minutes
   * it would be dropped, so give it one of its own.
   */
  defer(tasks: readonly Task[], delayMs: number): Promise<void>;
  /** Waits for deliveries; empty when there was none in that time. Rejects on infrastructure errors. */
  receive(options: ReceiveOptions): Promise<readonly Delivery[]>;
  /**
   * From now on the task and its group wait that long, at most 12 hours: to give it back, or to hold
   * it. Throws when it is not out under this receipt any more.
   */
  postpone(receipt: string, delayMs: number): Promise<void>;
  /**
   * From now on the deliveries are the caller's alone for that long, at most 12 hours. Resolves with
   * the receipts that are held: any other delivery is not the caller's any more. Rejects when the
   * request itself fails.
   */
  extend(receipts: readonly string[], visibilityMs: number): Promise<ReadonlySet<string>>;
  /** Takes finished tasks off the queue. Rejects when one was not taken off; the others may be. */
  remove(receipts: readonly string[]): Promise<void>;
  /** Tasks waiting, roughly; without those that are deferred. */
  depth(): Promise<number>;
}
