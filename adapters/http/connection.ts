import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { buildConnector, Client as ClientType, Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import type { Dial } from './dial.ts';
import { HeadReader, MAX_HEAD_BYTES } from './head-reader.ts';
import { publicAddressOf } from './public-address.ts';
import type { IdleConnection } from './socket-budget.ts';

/** Closed by us when it has been idle for so long, in milliseconds, whatever its server offers. */
const KEEP_ALIVE_MS = 10_000;
/** Requests at once over HTTP/2; undici keeps the server's limit, where that is lower. */
const MAX_STREAMS = 100;

/** The connection ended before the request went out: its host never saw it. */
export class UnsentError extends Error {
  override readonly name = 'UnsentError';
}

/** What a pool is told of a connection; each at most once, `closed` always and last. */
export interface ConnectionEvents {
  opened(connection: Connection): void;
  /** It could not be opened. */
  failed(error: Error): void;
  /** Its socket is closed, or was never opened. */
  closed(connection: Connection): void;
}

/** How one connection is opened. */
export interface ConnectionOptions {
  readonly origin: string;
  readonly connect: Dial;
  readonly connectMs: number;
}

/**
 * One connection: a client of undici that opens one socket and never a second one, so that sockets
 * can be counted. A request that undici would send again on a new socket fails with UnsentError.
 */
export class Connection implements IdleConnection {
  readonly #client: ClientType;
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  #socket: Socket | undefined;
  #heads: HeadReader | undefined;
  #state: 'new' | 'opening' | 'open' | 'retired' = 'new';
  #isHttp2 = false;
  #requests = 0;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#client = new Client(options.origin, {
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      // The limits are ours, see ExchangeClock; undici's are for its parts.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (target, callback) => this.#dial(target, callback),
    });
    // A server may end a connection of HTTP/2 while it still answers (GOAWAY).
    this.#client.once('disconnect', () => {
      this.#state = 'retired';
    });
  }

  /** Requests that are under way. */
  get requests(): number {
    return this.#requests;
  }

  /** Not yet open, and not given up. */
  get isOpening(): boolean {
    return this.#state === 'new' || this.#state === 'opening';
  }

  /** Whether it takes no more requests. */
  get isRetired(): boolean {
    return this.#state === 'retired' || this.#socket?.destroyed === true;
  }

  /** Whether it negotiated HTTP/2; false as long as it is not open. */
  get isHttp2(): boolean {
    return this.#isHttp2;
  }

  /** Where its answers come from, when that is known and a public address. */
  get publicAddress(): string | undefined {
    return this.#socket === undefined ? undefined : publicAddressOf(this.#socket);
  }

  /** Whether another request can be sent at once. */
  get isFree(): boolean {
    if (this.#state !== 'open' || this.isRetired) return false;
    return this.#requests < (this.#isHttp2 ? MAX_STREAMS : 1);
  }

  /** Sends a request, once the connection is open; `end` follows for each. */
  send(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#requests += 1;
    this.#heads?.expectHead();
    const dispatch = () => void this.#client.dispatch(request, handler);
    // Servers that close after an answer without saying so: their end has to be read first. undici
    // waits for another turn of the event loop, which lies before that where it is the only one.
    if (this.#state === 'open' && !this.#isHttp2) setImmediate(dispatch);
    else dispatch();
  }

  /** The exchange of one request is over. */
  end(): void {
    this.#requests -= 1;
    if (this.#requests === 0 && this.#state === 'retired') this.close();
  }

  /** Takes no more requests, and closes after the last one. */
  retire(): void {
    this.#state = 'retired';
  }

  /** Closes it, whatever is under way. */
  close(): void {
    this.#state = 'retired';
    this.#socket?.destroy();
  }

  #dial(target: buildConnector.Options, callback: buildConnector.Callback): void {
    if (this.#state !== 'new') {
      this.#state = 'retired';
      // Not called back: a client whose attempts fail would try again as long as it has requests.
      queueMicrotask(() =>
        this.#client.destroy(new UnsentError('closed before it was used'), ignore),
      );
      return;
    }
    this.#state = 'opening';
    const { connect, connectMs } = this.#options;
    const onSocket = (socket: Socket) => {
      this.#socket = socket;
    };
    connect({ ...target, connectMs, onSocket }, (error, socket) => {
      if (error === null) this.#opened(socket, callback);
      else this.#failed(error, callback);
    });
  }

  #opened(socket: Socket, callback: buildConnector.Callback): void {
    const isWanted = this.#state === 'opening';
    this.#socket = socket;
    this.#isHttp2 = socket instanceof TLSSocket && socket.alpnProtocol === 'h2';
    if (isWanted) this.#state = 'open';
    if (!this.#isHttp2) this.#heads = new HeadReader(socket);
    callback(null, socket);
    // Behind undici's own listener, which ends the requests first.
    socket.once('close', () => this.#events.closed(this));
    if (isWanted) this.#events.opened(this);
    else socket.destroy();
  }

  #failed(error: Error, callback: buildConnector.Callback): void {
    this.#state = 'retired';
    callback(error, null);
    this.#events.failed(error);
    this.#events.closed(this);
  }
}

function ignore(): void {}
