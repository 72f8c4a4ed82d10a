/** A queue, as those see it who wait at it. */
export interface PolledQueue<Message> {
  /** Whether something can be delivered. */
  isReady(): boolean;
  /** At most so many messages, hidden for so many seconds. */
  deliver(max: number, visibilityS: number): readonly Message[];
  /** When something may become ready by itself, in milliseconds since 1970. */
  nextMs(): number | undefined;
  now(): number;
}

interface Waiter<Message> {
  readonly max: number;
  readonly visibilityS: number;
  readonly end: (messages: readonly Message[]) => void;
}

/** Receives that wait for messages, in the order in which they came. */
export class LongPolls<Message> {
  readonly #queue: PolledQueue<Message>;
  readonly #waiters = new Set<Waiter<Message>>();
  #servesSoon = false;
  #timer: { readonly atMs: number; readonly handle: NodeJS.Timeout } | undefined;

  constructor(queue: PolledQueue<Message>) {
    this.#queue = queue;
  }

  /** Resolves with messages, or with none after `waitMs` or when its client has gone. */
  wait(
    max: number,
    visibilityS: number,
    waitMs: number,
    onGone: (listener: () => void) => void,
  ): Promise<readonly Message[]> {
    return new Promise((resolve) => {
      const end = (messages: readonly Message[]) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        if (this.#waiters.size === 0) this.#setTimer();
        resolve(messages);
      };
      const waiter = { max, visibilityS, end };
      const timer = setTimeout(end, waitMs, []);
      this.#waiters.add(waiter);
      // Whoever has gone must not be given what somebody else waits for.
      onGone(() => end([]));
      this.#setTimer();
    });
  }

  /** After all that a request does: whoever waits is given as much as there is. */
  serveSoon(): void {
    if (this.#servesSoon || this.#waiters.size === 0) return;
    this.#servesSoon = true;
    queueMicrotask(() => {
      this.#servesSoon = false;
      this.#serve();
    });
  }

  #serve(): void {
    for (const { max, visibilityS, end } of this.#waiters) {
      if (!this.#queue.isReady()) break;
      const messages = this.#queue.deliver(max, visibilityS);
      if (messages.length > 0) end(messages);
    }
    this.#setTimer();
  }

  /** While somebody waits, and only then, time passes by itself. */
  #setTimer(): void {
    const atMs = this.#waiters.size === 0 ? undefined : this.#queue.nextMs();
    if (atMs === this.#timer?.atMs) return;
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
    if (atMs === undefined) return;
    const serve = () => {
      this.#timer = undefined;
      this.#serve();
    };
    // A process that has ended its work does not wait for a message to become visible.
    const handle = setTimeout(serve, Math.max(0, atMs - this.#queue.now())).unref();
    this.#timer = { atMs, handle };
  }

  /** Ends all that wait, with nothing. */
  close(): void {
    for (const { end } of this.#waiters) end([]);
    this.#setTimer();
  }
}
