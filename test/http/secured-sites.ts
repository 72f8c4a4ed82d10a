import type { RequestListener } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { dialer } from '../../adapters/http/dial.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import type { FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import { aCertificate, anAuthority, type Certificate, type Subject } from './certificates.ts';

/** Names that lead to this machine. */
export const SITE = 'site.test';
/** Another one of the same address and certificate. */
export const OTHER = 'other.test';

/** A server that speaks TLS, and what it has seen. */
export interface SecuredSite {
  readonly port: number;
  readonly url: string;
  /** Connections that were opened. */
  readonly connections: () => number;
}

type AnyServer = NetServer | Http2SecureServer;

/** What a server of HTTP/2 does with a stream. */
export type OnStream = (
  stream: ServerHttp2Stream,
  path: string,
  headers: IncomingHttpHeaders,
) => void;

/** Servers on loopback that speak TLS, and a fetcher that trusts their authority and no other. */
export class SecuredSites {
  readonly #servers: AnyServer[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #authority: Certificate;
  readonly #good: Certificate;
  readonly #fetcher: UndiciFetcher;

  static async open(): Promise<SecuredSites> {
    const authority = await anAuthority('an authority of a test');
    return new SecuredSites(authority, await aCertificate(authority, { names: [SITE, OTHER] }));
  }

  private constructor(authority: Certificate, good: Certificate) {
    this.#authority = authority;
    this.#good = good;
    this.#fetcher = new UndiciFetcher(
      { allowPrivate: true },
      {
        resolve: async () => [{ address: '127.0.0.1', family: 4 }],
        build: (options) => dialer({ ...options, ca: this.ca }),
      },
      { connectMs: 500, firstByteMs: 500, idleMs: 500 },
    );
  }

  /** The certificate of the authority. */
  get ca(): string {
    return this.#authority.cert;
  }

  /** HTTP/2 by negotiation; what speaks only HTTP/1.1 is not served. */
  http2(onStream: OnStream, options: SecureServerOptions = {}): Promise<SecuredSite> {
    const server = createSecureServer({ ...this.#good, ...options });
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {}); // the fetcher may hang up
      onStream(stream, headers[':path'] ?? '', headers);
    });
    server.on('sessionError', () => {});
    return this.#listen(server, 'secureConnection');
  }

  /** Frames of HTTP/2 that are written whatever is asked: on each connection its own, or the last. */
  frames(greeting: Buffer, ...answers: readonly Buffer[]): Promise<SecuredSite> {
    const rest = [...answers];
    const server = createTlsServer(
      { ...this.#good, ALPNProtocols: ['h2'] },
      (socket: TLSSocket) => {
        const answer = (rest.length > 1 ? rest.shift() : rest[0]) ?? greeting;
        socket.on('error', () => {});
        socket.once('data', () => {
          socket.write(greeting);
          // The request follows the client's own greeting.
          socket.once('data', () => void socket.write(answer));
        });
      },
    );
    return this.#listen(server, 'secureConnection');
  }

  /** HTTP/1.1 under a certificate of one's choice. */
  async http1(
    listener: RequestListener,
    subject: Subject = { names: [SITE] },
    options: TlsOptions = {},
  ): Promise<SecuredSite> {
    const certificate = await aCertificate(this.#authority, subject);
    return this.#listen(createServer({ ...certificate, ...options }, listener), 'connection');
  }

  /** A server that does with each connection what it is told, before any handshake. */
  raw(greet: (socket: Socket) => void): Promise<SecuredSite> {
    return this.#listen(createNetServer(greet), 'connection');
  }

  fetch(url: string, change: Partial<FetchRequest> = {}): Promise<FetchOutcome> {
    const request = { timeoutMs: 10_000, maxBytes: 1_000_000, perHost: 6, userAgent: 'test/1' };
    return this.#fetcher.fetch({ url, ...request, ...change });
  }

  async close(): Promise<void> {
    await this.#fetcher.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
  }

  async #listen(
    server: AnyServer,
    opened: 'connection' | 'secureConnection',
  ): Promise<SecuredSite> {
    let connections = 0;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
    });
    server.on(opened, () => {
      connections += 1;
    });
    server.on('tlsClientError', () => {});
    this.#servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
    const { port } = portOf(server.address());
    return { port, url: `https://${SITE}:${port}/`, connections: () => connections };
  }
}

function portOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address;
}
