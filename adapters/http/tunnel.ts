import { connect, type LookupFunction, type Socket } from 'node:net';
import type { ProxyAddress } from '../../contract/proxy.ts';
import { ConnectTimeoutError } from './dial.ts';

/** Largest head of a proxy's answer, in bytes. */
const MAX_HEAD_BYTES = 16 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/** The proxy could not be reached, or did not open a tunnel; the message names it without credentials. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** Whether it is about the address that was asked for, and not about the proxy. */
  readonly isOfAddress: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isOfAddress?: boolean } = {}) {
    super(message, options);
    this.isOfAddress = options.isOfAddress ?? false;
  }
}

/** What a tunnel is opened with. */
export interface TunnelOptions {
  readonly proxy: ProxyAddress;
  /** Where it leads: `host:port`, an IPv6 address in brackets. */
  readonly authority: string;
  /** Time for all of it, in milliseconds. */
  readonly timeoutMs: number;
  /** For the name of the proxy. */
  readonly lookup: LookupFunction;
  /** Called with the socket as soon as it exists. */
  readonly onSocket: (socket: Socket) => void;
}

/**
 * A connection to a proxy behind which, after a CONNECT (RFC 9110, section 9.3.6), the other end is
 * the host itself. Rejects with ProxyError, ConnectTimeoutError or an error of the socket.
 */
export function openTunnel(options: TunnelOptions): Promise<Socket> {
  const { proxy, timeoutMs, lookup, onSocket } = options;
  const { hostname: host, port, shown } = proxy;
  const socket = connect({ host, port, lookup, autoSelectFamily: true });
  socket.setNoDelay(true);
  // Stays, so that no error of the socket is ever without a listener.
  socket.on('error', () => {});
  onSocket(socket);
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const timer = setTimeout(() => {
      fail(new ConnectTimeoutError(`no tunnel through ${shown} after ${timeoutMs} ms`));
    }, timeoutMs);
    const fail = (error: Error) => {
      finish();
      socket.destroy();
      reject(error);
    };
    const onError = (error: NodeJS.ErrnoException) => fail(errorOf(error, proxy));
    const onClose = () => fail(new ProxyError(`the proxy ${shown} closed the connection`));
    const onConnect = () => socket.write(requestFor(options), 'latin1');
    const onReadable = () => {
      for (let piece: unknown = socket.read(); Buffer.isBuffer(piece); piece = socket.read())
        head = Buffer.concat([head, piece]);
      const end = head.indexOf(END_OF_HEAD);
      if (end === -1 && head.length <= MAX_HEAD_BYTES) return;
      const refusal = refusalOf(end === -1 ? '' : head.toString('latin1', 0, 20), options);
      if (refusal !== undefined) return fail(refusal);
      finish();
      const rest = head.subarray(end + END_OF_HEAD.length);
      if (rest.length > 0) socket.unshift(rest);
      resolve(socket);
    };
    const finish = () => {
      clearTimeout(timer);
      socket.off('connect', onConnect).off('readable', onReadable);
      socket.off('error', onError).off('close', onClose).off('end', onClose);
    };
    socket.once('connect', onConnect).on('readable', onReadable);
    socket.once('error', onError).once('close', onClose).once('end', onClose);
  });
}

function requestFor({ proxy: { authorization }, authority }: TunnelOptions): string {
  const credentials =
    authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`;
}

/** Why there is no tunnel; undefined when there is one. */
function refusalOf(line: string, { proxy: { shown }, authority }: TunnelOptions) {
  const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(line) ?? [];
  if (status === undefined) return new ProxyError(`no answer of HTTP from the proxy ${shown}`);
  if (status.startsWith('2')) return undefined;
  if (status === '407')
    return new ProxyError(`the proxy ${shown} wants other credentials (HTTP 407)`);
  const message = `the proxy ${shown} opens no tunnel to ${authority} (HTTP ${status})`;
  return new ProxyError(message, { isOfAddress: true });
}

/** An error of the socket says nothing of the host, so it names the proxy; its code stays its cause's. */
function errorOf(error: NodeJS.ErrnoException, { shown }: ProxyAddress): Error {
  return new ProxyError(`the proxy ${shown}: ${error.code ?? error.message}`, { cause: error });
}
