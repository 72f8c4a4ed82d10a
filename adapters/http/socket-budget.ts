/** A connection that is closed when others need its socket. */
export interface IdleConnection {
  /** Begins to close; `SocketBudget.free` follows when it is closed. */
  close(): void;
}

/** Part of the limit that idle connections leave free, so that a new one rarely has to wait. */
const MARGIN = 1 / 16;

/**
 * The sockets of a fetcher, bounded over all hosts. A socket counts from before its connection is
 * opened until it is closed. Near the limit the least recently used idle connections are closed;
 * where none is idle, whoever needs a socket waits in order of arrival, and never fails.
 */
export class SocketBudget {
  readonly #maxSockets: number;
  readonly #comfortable: number;
  readonly #idle = new Set<IdleConnection>();
  readonly #closing = new Set<IdleConnection>();
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  constructor(maxSockets: number) {
    this.#maxSockets = Math.max(1, maxSockets);
    this.#comfortable = this.#maxSockets - Math.floor(this.#maxSockets * MARGIN);
  }

  /** Sockets that are open, are being opened or are being closed. */
  get open(): number {
    return this.#open;
  }

  /** Those of idle connections. */
  get idle(): number {
    return this.#idle.size;
  }

  /** Connections that wait for a socket. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a socket and calls `begin`: now (true), or as soon as one is free (false). */
  take(begin: () => void): boolean {
    const isFree = this.#open < this.#maxSockets;
    if (isFree) this.#open += 1;
    else this.#waiting.push(begin);
    this.#closeIdle();
    if (isFree) begin();
    return isFree;
  }

  /** A connection has closed its socket, or never opened it. */
  free(connection?: IdleConnection): void {
    if (connection !== undefined) {
      this.#idle.delete(connection);
      this.#closing.delete(connection);
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }

  /** A connection is open and unused, the most recently used one of all. */
  keep(connection: IdleConnection): void {
    this.#idle.add(connection);
    this.#closeIdle();
  }

  /** An idle connection is used again. */
  use(connection: IdleConnection): void {
    this.#idle.delete(connection);
  }

  #closeIdle(): void {
    for (const oldest of this.#idle) {
      const needed = this.#open + this.#waiting.length - this.#closing.size;
      if (needed <= this.#comfortable) return;
      this.#idle.delete(oldest);
      this.#closing.add(oldest);
      oldest.close();
    }
  }
}
