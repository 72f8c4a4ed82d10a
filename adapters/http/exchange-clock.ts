/** Limits of the parts of an exchange; the one for all of it comes with each request. */
export interface TransferLimits {
  /** To open a connection, with TLS and without the look-up, in milliseconds. */
  readonly connectMs: number;
  /** From the request to the head of its answer, in milliseconds. */
  readonly firstByteMs: number;
  /** Between two pieces of an answer, in milliseconds. */
  readonly idleMs: number;
}

/** What passes first if nothing more comes. */
interface Limit {
  /** In milliseconds of the monotonic clock. */
  readonly atMs: number;
  readonly detail: string;
}

/** One timer for all limits of an exchange, set again only when it goes off: news costs no timer. */
export class ExchangeClock {
  readonly #limits: TransferLimits;
  readonly #timeoutMs: number;
  readonly #onExpired: (detail: string) => void;
  #phase: 'opening' | 'sent' | 'answered' = 'opening';
  #timer: NodeJS.Timeout;
  /** All in milliseconds of the monotonic clock. */
  #deadlineMs: number;
  #lastNewsMs: number;
  #pausedSinceMs: number | undefined;

  /** `timeoutMs` is the limit of the whole exchange; `onExpired` is called at most once. */
  constructor(limits: TransferLimits, timeoutMs: number, onExpired: (detail: string) => void) {
    this.#limits = limits;
    this.#timeoutMs = timeoutMs;
    this.#onExpired = onExpired;
    this.#lastNewsMs = performance.now();
    this.#deadlineMs = this.#lastNewsMs + timeoutMs;
    this.#timer = this.#arm();
  }

  /** The request has gone out, on a connection that is open. */
  sent(): void {
    this.#phase = 'sent';
    this.#lastNewsMs = performance.now();
  }

  /** The head of the answer has come. */
  answered(): void {
    this.#phase = 'answered';
    this.#lastNewsMs = performance.now();
  }

  /** A piece of the answer has come. */
  received(): void {
    this.#lastNewsMs = performance.now();
  }

  /** From now on `ms` at most are left. */
  shorten(ms: number): void {
    this.#deadlineMs = Math.min(this.#deadlineMs, performance.now() + ms);
    clearTimeout(this.#timer);
    this.#timer = this.#arm();
  }

  /** The exchange has to wait for us: no limit passes meanwhile. */
  pause(): void {
    this.#pausedSinceMs ??= performance.now();
  }

  /** Goes on; false when it was not paused. The time that we needed is not the host's. */
  resume(): boolean {
    if (this.#pausedSinceMs === undefined) return false;
    const now = performance.now();
    this.#deadlineMs += now - this.#pausedSinceMs;
    this.#lastNewsMs = now;
    this.#pausedSinceMs = undefined;
    return true;
  }

  /** The exchange is over. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(): NodeJS.Timeout {
    const leftMs = Math.ceil(this.#nextLimit().atMs - performance.now());
    // News may bring a shorter limit than the one that counted before.
    const { firstByteMs, idleMs } = this.#limits;
    return setTimeout(() => this.#look(), Math.max(1, Math.min(leftMs, firstByteMs, idleMs)));
  }

  #look(): void {
    const { atMs, detail } = this.#nextLimit();
    if (performance.now() < atMs) this.#timer = this.#arm();
    else this.#onExpired(detail);
  }

  #nextLimit(): Limit {
    const pausedMs =
      this.#pausedSinceMs === undefined ? 0 : performance.now() - this.#pausedSinceMs;
    const whole = {
      atMs: this.#deadlineMs + pausedMs,
      detail: `not over after ${this.#timeoutMs} ms`,
    };
    if (this.#pausedSinceMs !== undefined) return whole;
    const quiet = this.#quietLimit();
    return quiet.atMs < whole.atMs ? quiet : whole;
  }

  #quietLimit(): Limit {
    const { connectMs, firstByteMs, idleMs } = this.#limits;
    if (this.#phase === 'answered')
      return { atMs: this.#lastNewsMs + idleMs, detail: `nothing came for ${idleMs} ms` };
    if (this.#phase === 'sent')
      return { atMs: this.#lastNewsMs + firstByteMs, detail: `no answer after ${firstByteMs} ms` };
    // Look-up and connection have limits of their own: this one is for a request that is not sent.
    const sendMs = connectMs + firstByteMs;
    return { atMs: this.#lastNewsMs + sendMs, detail: `not sent after ${sendMs} ms` };
  }
}
