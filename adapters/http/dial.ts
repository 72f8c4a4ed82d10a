import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import { TlsSessions } from './tls-sessions.ts';

/** What all connections of a dialer have in common. */
export interface DialOptions {
  /** Asked for the addresses of a name; has a time limit of its own. */
  readonly lookup: LookupFunction;
  /** Time to connect, with TLS and without the look-up, in milliseconds. */
  readonly timeout: number;
  /** Certificates to trust in place of the machine's own, PEM. */
  readonly ca?: string;
}

/** Where one connection leads. */
export interface DialTarget extends buildConnector.Options {
  /** Time to connect in place of the dialer's, in milliseconds. */
  readonly connectMs?: number;
  /** A connection through a proxy that ends at the host: TLS is spoken inside, and no name is looked up. */
  readonly tunnel?: Socket;
  /** Called with the socket as soon as it exists, long before it is connected. */
  readonly onSocket?: (socket: Socket) => void;
}

/** Opens one connection; calls back once, with an error only when its socket is closed. */
export type Dial = (target: DialTarget, callback: buildConnector.Callback) => void;

/** HTTP/2 is preferred: one connection for all that is asked of a host at once. */
const PROTOCOLS = ['h2', 'http/1.1'];

/** The time to connect is over. */
export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
  readonly code = 'ETIMEDOUT';
}

/**
 * A dialer instead of undici's connector, for thousands of hosts: one context of TLS for all,
 * sessions that are resumed, and a limit that begins when the name is looked up. Node tries the
 * addresses of a name one after the other (RFC 8305) and closes each attempt before the next, so a
 * connection never holds more than one descriptor.
 */
export function dialer(options: DialOptions): Dial {
  const sessions = new TlsSessions();
  let context: SecureContext | undefined;
  return (target, callback) => {
    let socket: Socket;
    if (target.protocol === 'https:') {
      context ??= createSecureContext({ ca: options.ca });
      socket = dialTls(target, options, context, sessions);
    } else socket = dialTcp(target, options);
    if (target.tunnel === undefined) socket.setNoDelay(true);
    target.onSocket?.(socket);
    limitConnect(socket, target, target.connectMs ?? options.timeout);
    callBackOnce(socket, target, callback);
  };
}

function dialTcp({ hostname, port }: DialTarget, { lookup }: DialOptions): Socket {
  return connectTcp({
    host: hostname,
    port: port === '' ? 80 : Number(port),
    autoSelectFamily: true,
    lookup,
  });
}

function dialTls(
  target: DialTarget,
  { lookup }: DialOptions,
  secureContext: SecureContext,
  sessions: TlsSessions,
): Socket {
  const port = target.port === '' ? 443 : Number(target.port);
  const servername = serverNameOf(target);
  const key = `${servername === '' ? target.hostname : servername}:${port}`;
  const inner = { ALPNProtocols: PROTOCOLS, servername, session: sessions.get(key), secureContext };
  const direct = { ...inner, host: target.hostname, port, autoSelectFamily: true, lookup };
  const { tunnel } = target;
  const socket = connectTls(tunnel === undefined ? direct : { ...inner, socket: tunnel });
  // Comes only after the certificate was found good, for each ticket (RFC 8446, section 4.6.1).
  socket.on('session', (session) => sessions.set(key, session));
  const forget = () => sessions.delete(key);
  socket.once('error', forget);
  socket.once('secureConnect', () => socket.off('error', forget));
  return socket;
}

/** What the certificate has to name: without a final dot (RFC 6066, section 3), empty for an address. */
function serverNameOf({ servername, host, hostname }: DialTarget): string {
  const name = servername || (host?.replace(/:\d+$/, '') ?? hostname);
  return name.startsWith('[') || isIP(name) !== 0 ? '' : name.replace(/\.$/, '');
}

function limitConnect(
  socket: Socket,
  { hostname, protocol, tunnel }: DialTarget,
  connectMs: number,
): void {
  let timer: NodeJS.Timeout | undefined;
  const expire = () => {
    socket.destroy(new ConnectTimeoutError(`no connection after ${connectMs} ms`));
  };
  const begin = () => {
    timer ??= setTimeout(expire, connectMs);
  };
  if (isIP(hostname) === 0 && tunnel === undefined) socket.once('lookup', begin);
  else begin();
  const end = () => clearTimeout(timer);
  socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', end);
  socket.once('close', end);
}

function callBackOnce(
  socket: Socket,
  { protocol }: DialTarget,
  callback: buildConnector.Callback,
): void {
  let isCalled = false;
  const fail = (error: Error) => {
    if (isCalled) return;
    isCalled = true;
    callback(error, null);
  };
  // Stays, so that no error of the socket is ever without a listener.
  socket.on('error', (error) => fail(plainErrorOf(error)));
  socket.once('close', () => fail(new Error('closed before it was connected')));
  socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => {
    if (isCalled) return;
    isCalled = true;
    callback(null, socket);
  });
}

/** Of attempts at several addresses one that timed out tells most: the host may be there. */
function plainErrorOf(error: Error): Error {
  if (!(error instanceof AggregateError)) return error;
  const timedOut = error.errors.some((one) => one instanceof Error && codeOf(one) === 'ETIMEDOUT');
  if (!timedOut || codeOf(error) === 'ETIMEDOUT') return error;
  return Object.assign(new ConnectTimeoutError(error.message), { cause: error });
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}
