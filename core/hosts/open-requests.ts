/** Requests that share a connection before another one is opened: as many as come in a row, see WindowPacker. */
const REQUESTS_PER_CONNECTION = 24;
/** A request does not wait for a connection whose answer takes longer, in milliseconds. */
const PATIENCE_MS = 1000;

/** A request that has gone out. */
export interface SentRequest {
  /** In milliseconds since 1970. */
  readonly atMs: number;
}

/** How many requests may be open at once, and when that may be one more without an answer. */
export interface Allowance {
  readonly most: number;
  /** In milliseconds since 1970; absent where only an answer or more work changes it. */
  readonly growsAtMs?: number;
}

/**
 * The open requests to one host. Connections grow with the work: to open one costs more than a
 * request, for us and for the host.
 */
export class OpenRequests {
  #count = 0;
  /** Turns that were given and whose requests have not gone out: they wait for us, not for the host. */
  #unsent = 0;
  readonly #sent = new Set<SentRequest>();
  /** Connections that the work has asked for; they stay while there is any. */
  #connections = 1;

  /** Turns that were given and are not over. */
  get count(): number {
    return this.#count;
  }

  /** A turn is given. */
  open(): void {
    this.#count += 1;
    this.#unsent += 1;
  }

  /** Its request goes out now. */
  send(nowMs: number): SentRequest {
    this.#unsent -= 1;
    const sent = { atMs: nowMs };
    this.#sent.add(sent);
    return sent;
  }

  /** Its turn is over; `sent` is absent where no request went out. */
  close(sent: SentRequest | undefined, waiting: number): void {
    this.#count -= 1;
    if (sent === undefined) this.#unsent -= 1;
    else this.#sent.delete(sent);
    if (this.#count + waiting === 0) this.#connections = 1;
  }

  /** How many may be open when so many wait, of at most `most`. */
  allowance(waiting: number, most: number, nowMs: number): Allowance {
    const wanted = Math.ceil((this.#count + waiting) / REQUESTS_PER_CONNECTION);
    this.#connections = Math.min(most, Math.max(this.#connections, wanted));
    const isEnough = this.#count < this.#connections || this.#connections === most;
    if (isEnough || this.#unsent > 0) return { most: this.#connections };
    const lastSentMs = Math.max(...[...this.#sent].map(({ atMs }) => atMs));
    const growsAtMs = lastSentMs + PATIENCE_MS;
    if (nowMs < growsAtMs) return { most: this.#connections, growsAtMs };
    this.#connections += 1;
    return { most: this.#connections };
  }
}
