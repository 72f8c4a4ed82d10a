import type { Dial } from './dial.ts';
import { OriginPool, type Ticket } from './origin-pool.ts';
import { SocketBudget } from './socket-budget.ts';

/** What a fetcher holds at a moment. */
export interface ConnectionCounts {
  /** Sockets that are open, are being opened or are being closed. */
  readonly sockets: number;
  /** Those of them that no request uses. */
  readonly idle: number;
  /** Requests that wait for a socket. */
  readonly waiting: number;
  /** Origins with a connection, or with a request that waits for one. */
  readonly origins: number;
}

/** The connections to all hosts, under one limit of sockets. Origins without any are forgotten. */
export class Connections {
  readonly #connect: Dial;
  readonly #sockets: SocketBudget;
  readonly #pools = new Map<string, OriginPool>();

  constructor(connect: Dial, maxSockets: number) {
    this.#connect = connect;
    this.#sockets = new SocketBudget(maxSockets);
  }

  get counts(): ConnectionCounts {
    const { open, idle, waiting } = this.#sockets;
    return { sockets: open, idle, waiting, origins: this.#pools.size };
  }

  /** Sends a request to an origin; the pool returned is told when the exchange is over. */
  send(origin: string, perHost: number, ticket: Ticket): OriginPool {
    const pool = this.#poolOf(origin, perHost);
    pool.send(ticket);
    return pool;
  }

  /** Closes every connection. */
  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }

  #poolOf(origin: string, perHost: number): OriginPool {
    const key = `${perHost} ${origin}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool: OriginPool = new OriginPool({
      origin,
      perHost,
      connect: this.#connect,
      sockets: this.#sockets,
      onEmpty: () => {
        if (this.#pools.get(key) === pool) this.#pools.delete(key);
      },
    });
    this.#pools.set(key, pool);
    return pool;
  }
}
