import { isIP } from 'node:net';
import type { ResolveName } from '../../adapters/dns/resolve-name.ts';
import { type Dial, type DialOptions, dialer } from '../../adapters/http/dial.ts';
import type { Network } from '../../adapters/http/guarded-connector.ts';

/** Neighbours of the documentation ranges: public by every rule. */
export const PUBLIC_4 = '198.51.101.1';
export const PUBLIC_6 = '2001:db9::1';

/**
 * An open network on loopback: its public addresses lead to servers of a test, and sockets to them
 * look as if they were there. Any other address is dialled in earnest, so that a canary hears it.
 */
export class SmallInternet implements Network {
  /** Addresses and ports that were dialled, in order. */
  readonly dialled: string[] = [];
  readonly resolve: ResolveName;
  readonly lookups: Network['lookups'];
  readonly #sites = new Map<string, number>();

  constructor(resolve: ResolveName, lookups: Network['lookups'] = {}) {
    this.resolve = resolve;
    this.lookups = lookups;
  }

  /** What is served at a port of this machine is served at every port of the address. */
  host(address: string, port: number): void {
    this.#sites.set(address, port);
  }

  readonly build = (options: DialOptions): Dial => {
    const { lookup } = options;
    const dial = dialer(options);
    return (target, callback) => {
      const connect = (address: string) => {
        this.dialled.push(`${address} ${target.port || target.protocol}`);
        const port = this.#sites.get(address);
        if (port === undefined) return dial({ ...target, hostname: address }, callback);
        const there = { ...target, hostname: '127.0.0.1', port: String(port) };
        return dial(there, (error, socket) => {
          if (error !== null) return callback(error, null);
          Object.defineProperty(socket, 'remoteAddress', { value: address });
          return callback(null, socket);
        });
      };
      if (isIP(target.hostname) !== 0) return connect(target.hostname);
      return lookup(target.hostname, { all: true }, (error, found) => {
        if (error !== null) return callback(error, null);
        const [first] = Array.isArray(found) ? found : [];
        if (first === undefined) throw new Error('expected addresses');
        return connect(first.address);
      });
    };
  };
}

/** A resolver that knows these names and their addresses, with a final dot or without. */
export function resolverOf(names: Readonly<Record<string, readonly string[]>>): ResolveName {
  return async (hostname) => {
    const addresses = names[hostname.replace(/\.$/, '')];
    if (addresses === undefined) throw new Error(`getaddrinfo ENOTFOUND ${hostname}`);
    return addresses.map((address) => ({ address, family: isIP(address) }));
  };
}
