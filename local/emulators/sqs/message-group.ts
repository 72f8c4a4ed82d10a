/** A message of a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  /** Its place in the order of all messages. */
  readonly sequence: number;
  /** The messages that it is delivered with; of a standard queue itself alone. */
  readonly group: MessageGroup;
  /** Of a FIFO queue. */
  readonly deduplicationId?: string;
  readonly sentMs: number;
  firstReceivedMs: number | undefined;
  receiveCount: number;
  state: 'delayed' | 'waiting' | 'out';
  /** When it is to be seen, where it is delayed or out. */
  dueMs: number;
  /** The newest receipt handle; the only one that counts. */
  receipt: string;
}

/** Delivered places of an array that are kept at least: it is cut when half of it is delivered. */
const MIN_CUT = 32;

/** Messages that wait in one order, and of which none is given while another one is out. */
export class MessageGroup {
  /** Of a FIFO queue. */
  readonly id: string | undefined;
  /** Messages that are delivered and not deleted. */
  out = 0;
  /** Came back, and are the oldest. */
  #front: QueuedMessage[] = [];
  #rest: QueuedMessage[] = [];
  /** The first one of the rest that was not delivered. */
  #head = 0;

  constructor(id: string | undefined) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.#front.length === 0 && this.#head === this.#rest.length;
  }

  add(message: QueuedMessage): void {
    this.#rest.push(message);
  }

  /** A message that was out takes its old place. */
  giveBack(message: QueuedMessage): void {
    this.#front.push(message);
    this.#front.sort((a, b) => a.sequence - b.sequence);
  }

  /** The oldest message; undefined where there is none. */
  take(): QueuedMessage | undefined {
    if (this.#front.length > 0) return this.#front.shift();
    const message = this.#rest[this.#head];
    if (message === undefined) return undefined;
    this.#head += 1;
    if (this.#head >= MIN_CUT && this.#head * 2 >= this.#rest.length) {
      this.#rest = this.#rest.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }
}
