import type { Observer, TaskEnd } from '../ports/observer.ts';
import type { Delivery, ReceivedTask } from '../ports/task-queue.ts';

/** One message with its end. */
export interface WorkedTask {
  readonly receipt: string;
  readonly end: TaskEnd | { readonly kind: 'poison' };
}

/** The ends of messages: all are told, those that an invocation was given by its event are kept, too. */
export class GivenMessages {
  readonly #receipts: ReadonlySet<string>;
  readonly #observer: Observer;
  readonly #ended: WorkedTask[] = [];

  constructor(given: readonly Delivery[], observer: Observer) {
    this.#receipts = new Set(given.map(receiptOf));
    this.#observer = observer;
  }

  /** The ends of given messages so far. */
  get ended(): readonly WorkedTask[] {
    return this.#ended;
  }

  /** The message of a task is over for this worker. */
  end(received: ReceivedTask, end: TaskEnd): void {
    this.#observer.taskEnded(received, end);
    this.#keep({ receipt: received.receipt, end });
  }

  /** A message that no one can read. */
  poison({ messageId, receipt, problem }: Extract<Delivery, { kind: 'poison' }>): void {
    this.#observer.poison(messageId, problem);
    this.#keep({ receipt, end: { kind: 'poison' } });
  }

  #keep(worked: WorkedTask): void {
    if (this.#receipts.has(worked.receipt)) this.#ended.push(worked);
  }
}

/** The tasks among messages. */
export function tasksIn(deliveries: readonly Delivery[]): readonly ReceivedTask[] {
  return deliveries.flatMap((one) => (one.kind === 'task' ? one.received : []));
}

/** What names a delivery to the queue. */
export function receiptOf(delivery: Delivery): string {
  return delivery.kind === 'task' ? delivery.received.receipt : delivery.receipt;
}
