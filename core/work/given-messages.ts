import type { Delivery, ReceivedTask } from '../ports/task-queue.ts';
import type { TaskEnd } from './open-task.ts';

/** One message with its end. */
export interface WorkedTask {
  readonly receipt: string;
  readonly end: TaskEnd | { readonly kind: 'poison' };
}

/** The messages that an invocation was given by its event, with their ends: all others nobody asks about. */
export class GivenMessages {
  readonly #receipts: ReadonlySet<string>;
  readonly #ended: WorkedTask[] = [];

  constructor(given: readonly Delivery[]) {
    this.#receipts = new Set(given.map(receiptOf));
  }

  /** Their ends so far. */
  get ended(): readonly WorkedTask[] {
    return this.#ended;
  }

  /** Keeps the end of a message if it is one of them. */
  keepEnd(worked: WorkedTask): void {
    if (this.#receipts.has(worked.receipt)) this.#ended.push(worked);
  }
}

/** The tasks among messages. */
export function tasksIn(deliveries: readonly Delivery[]): readonly ReceivedTask[] {
  return deliveries.flatMap((one) => (one.kind === 'task' ? one.received : []));
}

function receiptOf(delivery: Delivery): string {
  return delivery.kind === 'task' ? delivery.received.receipt : delivery.receipt;
}
