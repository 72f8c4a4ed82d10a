import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { ProxyAddress } from '../../contract/proxy.ts';
import type { Dial, DialTarget } from './dial.ts';
import { notePublicAddress } from './public-address.ts';
import { openTunnel, ProxyError } from './tunnel.ts';

/** Addresses of a name that a proxy is asked for: the first may be of a family that it does not have. */
const MAX_ADDRESSES = 3;

/** Dependencies of a dialer through proxies. */
export interface ProxyDialerParts {
  /** Speaks TLS inside a tunnel. */
  readonly connect: Dial;
  /** Time to connect, with TLS and without the look-up, in milliseconds. */
  readonly timeoutMs: number;
  /** For the proxy's own name: its address is the operator's choice, and is not judged. */
  readonly lookup: LookupFunction;
  /** What a proxy is asked for in place of a name: addresses that were judged. */
  readonly addressesOf: (name: string) => Promise<readonly string[]>;
}

/** Opens a connection to a target through a proxy; calls back as a Dial does. */
export type DialThrough = (
  proxy: ProxyAddress,
  target: DialTarget,
  callback: buildConnector.Callback,
) => void;

/**
 * A dialer through HTTP proxies. Every target gets a tunnel, those of `http:` too: a proxy that was
 * sent a URL in place of a CONNECT would resolve its name itself, and nobody would have judged what
 * it found.
 */
export function proxyDialer(parts: ProxyDialerParts): DialThrough {
  return (proxy, target, callback) => {
    open(proxy, target, parts).then(
      ({ socket, leftMs, address }) => {
        if (target.protocol !== 'https:') {
          notePublicAddress(socket, address);
          return callback(null, socket);
        }
        return parts.connect({ ...target, tunnel: socket, connectMs: leftMs }, (error, secured) => {
          if (error === null) {
            notePublicAddress(secured, address);
            return callback(null, secured);
          }
          socket.destroy();
          return callback(error, null);
        });
      },
      (error) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

interface Tunnel {
  readonly socket: Socket;
  /** What the proxy was asked for: an address, or a name that it resolves itself. */
  readonly address: string;
  /** Time that is left to connect, in milliseconds. */
  readonly leftMs: number;
}

async function open(
  proxy: ProxyAddress,
  target: DialTarget,
  { timeoutMs, lookup, addressesOf }: ProxyDialerParts,
): Promise<Tunnel> {
  const { hostname, protocol, port, onSocket = () => {}, connectMs = timeoutMs } = target;
  const addresses = isIP(hostname) === 0 ? await addressesOf(hostname) : [hostname];
  const untilMs = performance.now() + connectMs;
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  let failure: Error = new ProxyError(`no address of ${hostname} to ask ${proxy.shown} for`);
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const leftMs = Math.max(1, Math.ceil(untilMs - performance.now()));
    const authority = `${isIP(address) === 6 ? `[${address}]` : address}:${number}`;
    try {
      const socket = await openTunnel({ proxy, authority, lookup, onSocket, timeoutMs: leftMs });
      return { socket, address, leftMs: Math.max(1, Math.ceil(untilMs - performance.now())) };
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      // Only the proxy's word about this address is a reason to ask for another one.
      if (!(failure instanceof ProxyError) || !failure.isOfAddress) break;
      if (performance.now() >= untilMs) break;
    }
  }
  throw failure;
}
