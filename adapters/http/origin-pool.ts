import type { Dispatcher } from 'undici';
import { Connection, type ConnectionEvents } from './connection.ts';
import type { Dial } from './dial.ts';
import type { Exchange } from './exchange.ts';
import type { SocketBudget } from './socket-budget.ts';

/** One request on its way to a host. */
export interface Ticket {
  readonly exchange: Exchange;
  readonly options: Dispatcher.DispatchOptions;
  /** Limit for a connection that is opened for it, in milliseconds. */
  readonly connectMs: number;
  /** A kept connection has failed it: over HTTP/1.1 it gets a new one, since others may be closed, too. */
  readonly isRepeat: boolean;
  /** The connection that it was sent on. */
  connection?: Connection;
}

/** Where a pool's connections lead, and how many there may be. */
export interface PoolOptions {
  readonly origin: string;
  readonly perHost: number;
  readonly connect: Dial;
  readonly sockets: SocketBudget;
  /** Called when there is nothing left in it. */
  readonly onEmpty: () => void;
}

/** The connections of one origin. An open one is used before a new one is opened. */
export class OriginPool implements ConnectionEvents {
  readonly #options: PoolOptions;
  readonly #connections = new Set<Connection>();
  readonly #waiting: Ticket[] = [];
  /** Tickets that wait for a socket. */
  #unopened = 0;
  #isClosed = false;
  #speaksOnlyHttp1: boolean;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#speaksOnlyHttp1 = options.origin.startsWith('http:');
  }

  /** Sends a request as soon as it may; `end` has to follow when its exchange is over. */
  send(ticket: Ticket): void {
    const mayOpen = this.#mayOpen();
    const needsNew = ticket.isRepeat && this.#speaksOnlyHttp1 && mayOpen;
    const free = needsNew ? undefined : this.#freeConnection();
    if (free !== undefined) this.#sendOn(free, ticket);
    else if (mayOpen) this.#open(ticket);
    else {
      this.#waiting.push(ticket);
      if (this.#unopened > 0) ticket.exchange.awaitSocket();
    }
  }

  /** The exchange of a ticket is over. */
  end(ticket: Ticket): void {
    const { connection, exchange } = ticket;
    if (connection === undefined) {
      const at = this.#waiting.indexOf(ticket);
      if (at !== -1) this.#waiting.splice(at, 1);
    } else {
      // A connection that lost its way would keep the next request waiting, too.
      if (exchange.isTimedOut && connection.isHttp2) connection.retire();
      connection.end();
      this.#keepIfIdle(connection);
    }
    this.#sendWaiting();
    if (this.#waiting.length === 0) this.#closeUnwanted();
    this.#closeIfEmpty();
  }

  opened(connection: Connection): void {
    this.#speaksOnlyHttp1 ||= !connection.isHttp2;
    this.#keepIfIdle(connection);
    this.#sendWaiting();
  }

  /** Whoever waited to learn whether the host speaks HTTP/2 would wait for the same failure again. */
  failed(error: Error): void {
    if (this.#speaksOnlyHttp1 || this.#connections.size > 1) return;
    for (const { exchange } of this.#waiting.splice(0)) exchange.onResponseError(undefined, error);
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection);
    this.#options.sockets.free(connection);
    this.#sendWaiting();
    this.#closeIfEmpty();
  }

  /** Closes all connections; requests under way and waiting ones fail. */
  close(): void {
    this.#isClosed = true;
    for (const ticket of this.#waiting.splice(0)) refuse(ticket);
    for (const connection of this.#connections) connection.close();
  }

  #keepIfIdle(connection: Connection): void {
    if (connection.requests === 0 && connection.isFree) this.#options.sockets.keep(connection);
  }

  #sendWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!next.exchange.isOver && this.#freeConnection() === undefined && !this.#mayOpen()) return;
      this.#waiting.shift();
      if (!next.exchange.isOver) this.send(next);
    }
  }

  #freeConnection(): Connection | undefined {
    for (const connection of this.#connections) if (connection.isFree) return connection;
    return undefined;
  }

  /** Over TLS a first connection tells whether it serves all requests (HTTP/2) or only one. */
  #mayOpen(): boolean {
    let count = this.#unopened;
    let opening = this.#unopened;
    for (const connection of this.#connections) {
      if (!connection.isRetired) count += 1;
      if (connection.isOpening) opening += 1;
    }
    return count < this.#options.perHost && (this.#speaksOnlyHttp1 || opening === 0);
  }

  #open(ticket: Ticket): void {
    this.#unopened += 1;
    const isNow = this.#options.sockets.take(() => {
      this.#unopened -= 1;
      for (const { exchange } of this.#waiting) exchange.beginConnect();
      this.#openNow(ticket);
    });
    if (!isNow) ticket.exchange.awaitSocket();
  }

  /** It may have waited for its socket: another connection may be free by now. */
  #openNow(ticket: Ticket): void {
    const { origin, connect, sockets } = this.#options;
    const free = ticket.isRepeat ? undefined : this.#freeConnection();
    if (this.#isClosed || free !== undefined) {
      if (free === undefined) refuse(ticket);
      else this.#sendOn(free, ticket);
      sockets.free();
      return;
    }
    const { connectMs } = ticket;
    const connection = new Connection({ origin, connect, connectMs }, this);
    this.#connections.add(connection);
    this.#sendOn(connection, ticket);
  }

  #sendOn(connection: Connection, ticket: Ticket): void {
    this.#options.sockets.use(connection);
    ticket.connection = connection;
    ticket.exchange.beginOn(connection);
    connection.send(ticket.options, ticket.exchange);
  }

  /** Connections that are being opened for nobody any more. */
  #closeUnwanted(): void {
    for (const connection of this.#connections) {
      if (connection.isOpening && connection.requests === 0) connection.close();
    }
  }

  #closeIfEmpty(): void {
    if (this.#connections.size + this.#waiting.length + this.#unopened === 0)
      this.#options.onEmpty();
  }
}

function refuse({ exchange }: Ticket): void {
  exchange.onResponseError(undefined, new Error('the fetcher was closed'));
}
