import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { aCertificate, type Certificate } from '../test/http/certificates.ts';
import type { FindPicture } from './ready-pictures.ts';
import { hostLatencyMs, PREFIXES } from './real-list.ts';
import type { HostCount, RequestKind, ServerLog } from './server-log.ts';

/** As many web servers have it, in milliseconds. */
const KEEP_ALIVE_MS = 60_000;
const ADDRESSES_PER_BLOCK = 250;

/** A host that answers. */
interface RealHost extends HostCount {
  readonly latencyMs: number;
  readonly hasRobots: boolean;
}

/** What the hosts of the real list share. */
export interface RealHostsOptions {
  readonly log: ServerLog;
  readonly findPicture: FindPicture;
  readonly seed: number;
  /** Given: hosts speak TLS with certificates of this authority. */
  readonly authority: Certificate | undefined;
}

/** The address of a host of the real list, from 127.1.0.1. */
export function hostAddress(host: number): string {
  const block = Math.floor(host / ADDRESSES_PER_BLOCK);
  const upper = 1 + Math.floor(block / ADDRESSES_PER_BLOCK);
  return `127.${upper}.${block % ADDRESSES_PER_BLOCK}.${1 + (host % ADDRESSES_PER_BLOCK)}`;
}

/** The hosts of the real list that accept connections: one HTTP server behind many listeners. */
export class RealHosts {
  readonly #options: RealHostsOptions;
  readonly #hostOf = new WeakMap<Socket, RealHost>();
  readonly #open = new Set<Socket>();
  /** Paths that answered 503 once. */
  readonly #refused = new Set<string>();
  readonly #http = createHttpServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
    (request, response) => this.#answer(request, response),
  );

  constructor(options: RealHostsOptions) {
    this.#options = options;
  }

  /** Forgets what was asked and closes all connections. */
  reset(): void {
    // The HTTP server does not know of them: it does not listen itself.
    for (const socket of this.#open) socket.destroy();
    this.#refused.clear();
    this.#options.log.reset();
  }

  /** Listens on the address of a host, on any free port if that is 0. Gives the port. */
  async listen(number: number, isSilent: boolean, port: number): Promise<number> {
    const { log } = this.#options;
    const server = isSilent
      ? createServer((socket) => {
          log.connectSilent();
          socket.on('error', () => {}).resume();
        })
      : await this.#liveServer(number);
    server.on('connection', (socket) => this.#track(socket));
    server.listen({ host: hostAddress(number), port, backlog: 128 });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string')
      throw new Error(`not a TCP address: ${address}`);
    return address.port;
  }

  async #liveServer(number: number): Promise<Server> {
    const { authority, log, seed } = this.#options;
    const host: RealHost = {
      requests: 0,
      connections: 0,
      latencyMs: hostLatencyMs(number, seed),
      hasRobots: number % 2 === 0,
    };
    const serve = (socket: Socket) => {
      this.#hostOf.set(socket, host);
      this.#http.emit('connection', socket);
    };
    const count = (socket: Socket) => {
      log.connect(host);
      socket.once('close', () => {
        host.connections -= 1;
      });
    };
    if (authority === undefined) return createServer(serve).on('connection', count);
    const address = hostAddress(number);
    const certificate = await aCertificate(authority, { names: [address], addresses: [address] });
    const server = createTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, (socket) => {
      log.secure(socket.isSessionReused());
      // It has taken the connection from the socket below, which can no longer close it.
      this.#track(socket);
      serve(socket);
    });
    return server.on('connection', count).on('tlsClientError', () => {});
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { log } = this.#options;
    const host = this.#hostOf.get(request.socket);
    if (host === undefined) throw new Error('a connection of no host');
    const path = request.url ?? '/';
    const kind = this.#kindOf(path);
    log.enter(host, kind);
    let isOpen = true;
    const leave = () => {
      if (isOpen) log.leave(host);
      isOpen = false;
    };
    const timer = setTimeout(() => {
      this.#send(response, host, kind, path);
      // The next request may come before the response says that all of it is written.
      leave();
    }, host.latencyMs);
    response.once('close', () => {
      clearTimeout(timer);
      leave();
    });
  }

  #track(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  #kindOf(path: string): RequestKind {
    if (path === '/robots.txt') return 'robots';
    if (path.startsWith(PREFIXES.redirect)) return 'redirect';
    if (path.startsWith(PREFIXES.picture)) return 'picture';
    if (!path.startsWith(PREFIXES['unavailable-once'])) return 'notFound';
    if (this.#refused.has(path)) return 'picture';
    this.#refused.add(path);
    return 'unavailable';
  }

  #send(response: ServerResponse, host: RealHost, kind: RequestKind, path: string): void {
    if (kind === 'picture') this.#sendPicture(response, path);
    else if (kind === 'redirect')
      response
        .writeHead(302, ['Location', path.replace(PREFIXES.redirect, PREFIXES.picture)])
        .end();
    else if (kind === 'unavailable') response.writeHead(503).end();
    else if (kind === 'robots' && host.hasRobots)
      response.writeHead(200, ['Content-Type', 'text/plain']).end('User-agent: *\nAllow: /\n');
    else response.writeHead(404, ['Content-Type', 'text/plain']).end('Not found\n');
  }

  #sendPicture(response: ServerResponse, path: string): void {
    const { log, findPicture } = this.#options;
    const picture = findPicture(path.replace(PREFIXES['unavailable-once'], PREFIXES.picture));
    if (picture === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { bytes, contentType } = picture;
    response.once('finish', () => log.sent(picture.path));
    response.writeHead(200, ['Content-Type', contentType, 'Content-Length', String(bytes.length)]);
    response.end(bytes);
  }
}
