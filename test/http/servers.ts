import { createServer, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server,
  type Socket,
} from 'node:net';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import type { FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';

/** A server that listens on loopback, and what it has seen. */
export interface Site {
  readonly port: number;
  readonly url: string;
  /** Connections that were opened. */
  readonly connections: () => number;
}

/** Servers and a fetcher of one test; `close` ends them all. */
export class Loopback {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #fetcher: UndiciFetcher;

  constructor(allowPrivate = true) {
    this.#fetcher = new UndiciFetcher({ allowPrivate });
  }

  /** A server that speaks HTTP. */
  http(listener: RequestListener): Promise<Site> {
    return this.#listen(createServer(listener));
  }

  /** A server that does with each connection what it is told, once a request has come. */
  raw(answer: (socket: Socket) => void): Promise<Site> {
    return this.#listen(
      createNetServer((socket) => {
        socket.once('data', () => answer(socket));
      }),
    );
  }

  fetch(url: string, change: Partial<FetchRequest> = {}): Promise<FetchOutcome> {
    const request = { timeoutMs: 10_000, maxBytes: 1_000_000, perHost: 1, userAgent: 'test/1' };
    return this.#fetcher.fetch({ url, ...request, ...change });
  }

  async close(): Promise<void> {
    await this.#fetcher.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
  }

  async #listen(server: Server): Promise<Site> {
    let connections = 0;
    server.on('connection', (socket: Socket) => {
      connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => {}); // the fetcher may hang up
    });
    this.#servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = portOf(server.address());
    return { port, url: `http://127.0.0.1:${port}/`, connections: () => connections };
  }
}

function portOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address;
}
