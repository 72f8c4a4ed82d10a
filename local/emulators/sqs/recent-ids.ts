/** What a sender is told of a message. */
export interface Sent {
  readonly id: string;
  readonly md5: string;
  /** Of a FIFO queue. */
  readonly sequence?: number;
}

/** How long SQS knows the id of a message, in milliseconds. */
const KNOWN_MS = 5 * 60 * 1000;

/** The ids of messages of the last five minutes, however many there are. */
export class RecentIds {
  /** In the order of their time. */
  readonly #sent = new Map<string, { readonly sent: Sent; readonly atMs: number }>();

  /** The message of that id; undefined where it came longer ago. */
  find(id: string, nowMs: number): Sent | undefined {
    for (const [old, { atMs }] of this.#sent) {
      if (nowMs - atMs < KNOWN_MS) break;
      this.#sent.delete(old);
    }
    return this.#sent.get(id)?.sent;
  }

  add(id: string, sent: Sent, atMs: number): void {
    this.#sent.set(id, { sent, atMs });
  }
}
