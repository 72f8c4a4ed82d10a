import { isIP, type LookupFunction, type Socket } from 'node:net';
import { machineResolver } from '../dns/machine-resolver.ts';
import {
  NameLookupError,
  nameLookupError,
  type ResolvedAddress,
  type ResolveName,
} from '../dns/resolve-name.ts';
import {
  AddressBlockedError,
  type AddressPolicy,
  refusalOfAddress,
  refusalOfTarget,
} from './address-guard.ts';
import { type Dial, type DialOptions, type DialTarget, dialer } from './dial.ts';
import { HostDeniedError } from './host-rules.ts';
import { type LookupLimits, NameLookups } from './name-lookups.ts';
import { proxyDialer } from './proxy-dialer.ts';
import type { ProxyRules } from './proxy-rules.ts';
import { notePublicAddress } from './public-address.ts';
import { noteUse } from './stale-connection.ts';

/** The network below the guard: the machine's own, unless a test puts another in its place. */
export interface Network {
  readonly resolve?: ResolveName;
  readonly lookups?: Partial<LookupLimits>;
  /** Opens connections; asks `options.lookup` for the addresses of a name, and dials only those. */
  readonly build?: (options: DialOptions) => Dial;
  /** Through which proxies hosts are reached; absent: through none. */
  readonly proxies?: ProxyRules;
}

/** Addresses that are tried of each family; a name may have thousands. */
const MAX_OF_A_FAMILY = 8;

/**
 * A connector for undici that opens no connection but to an address it has judged: redirects,
 * robots.txt, pools and HTTP/2 all come through here. A name is looked up once, one refused
 * address refuses it, and the very addresses that were judged are dialled (RFC 8305 among them),
 * so a name that changes its answer gains nothing.
 */
export function guardedConnector(
  policy: AddressPolicy,
  network: Network,
  options: Omit<DialOptions, 'lookup'>,
): Dial {
  const { resolve = machineResolver(), build = dialer } = network;
  const judged: ResolveName = async (name) => admit(await answerOf(name, resolve), policy);
  const lookups = new NameLookups(judged, network.lookups);
  const connect = build({ ...options, lookup: lookupOver(lookups) });
  const unguarded = new NameLookups((name) => answerOf(name, resolve), network.lookups);
  const dialThrough = proxyDialer({
    connect,
    timeoutMs: options.timeout,
    lookup: lookupOver(unguarded),
    // Whoever may ask every address need not know it: a proxy often is where names are resolved.
    addressesOf: policy.allowPrivate
      ? async (name) => [name]
      : (name) => addressesOf(name, lookups),
  });
  return (target, callback) => {
    const refused = refusedTarget(target, policy);
    if (refused !== undefined) {
      // Never before the caller knows of its connection.
      queueMicrotask(() => callback(refused, null));
      return;
    }
    const proxy = network.proxies?.proxyFor(target);
    if (proxy !== undefined) {
      dialThrough(proxy, target, (error, socket) => {
        if (error !== null) return callback(error, null);
        return callback(null, withHonestResets(socket));
      });
      return;
    }
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      const fault = faultOf(socket, policy);
      if (fault !== undefined) {
        socket.destroy();
        return callback(fault, null);
      }
      notePublicAddress(socket, socket.remoteAddress ?? '');
      return callback(null, withHonestResets(socket));
    });
  };
}

function lookupOver(lookups: NameLookups): LookupFunction {
  return (hostname, { all }, callback) => {
    lookups.lookUp(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (all === true) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error) => callback(error, ''),
    );
  };
}

async function addressesOf(name: string, lookups: NameLookups): Promise<readonly string[]> {
  return (await lookups.lookUp(name)).map(({ address }) => address);
}

function refusedTarget(target: DialTarget, policy: AddressPolicy): Error | undefined {
  const denied = policy.hosts?.refusalOf(target.hostname);
  if (denied !== undefined) return new HostDeniedError(denied);
  const refusal = refusalOfTarget(target, policy);
  return refusal === undefined ? undefined : new AddressBlockedError(refusal);
}

/**
 * undici takes a reset for the end of a body that only the connection's end delimits, since some
 * systems report one after a whole body. That would keep cut pictures as whole ones: under another
 * code it is an error like any other.
 */
function withHonestResets(socket: Socket): Socket {
  return socket.prependListener('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') error.code = 'ECONNABORTED';
    noteUse(error, socket);
  });
}

/** The last line, for whatever was overlooked above: where the connection did in fact go. */
function faultOf(socket: Socket, policy: AddressPolicy): Error | undefined {
  const { remoteAddress, localAddress } = socket;
  if (remoteAddress === undefined) return new Error('closed as soon as it was open');
  const refusal = refusalOfAddress(remoteAddress, policy);
  if (refusal !== undefined) return new AddressBlockedError(refusal);
  // Its public address leads a machine to itself, behind the firewall that guards it.
  const isOurselves = remoteAddress === localAddress && !policy.allowPrivate;
  return isOurselves ? new AddressBlockedError(`${remoteAddress} is this machine`) : undefined;
}

async function answerOf(name: string, resolve: ResolveName): Promise<readonly ResolvedAddress[]> {
  try {
    const addresses = await resolve(name);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    if (error instanceof NameLookupError) throw error;
    throw new NameLookupError(error instanceof Error ? error.message : String(error));
  }
  throw nameLookupError(name, 'ENODATA');
}

/** All are judged, some are dialled. */
function admit(
  addresses: readonly ResolvedAddress[],
  policy: AddressPolicy,
): readonly ResolvedAddress[] {
  for (const { address } of addresses) {
    const refusal = refusalOfAddress(address, policy);
    if (refusal !== undefined) throw new AddressBlockedError(refusal);
  }
  const counts = new Map<number, number>();
  return addresses.filter(({ address }) => {
    const family = isIP(address);
    const count = (counts.get(family) ?? 0) + 1;
    counts.set(family, count);
    return count <= MAX_OF_A_FAMILY;
  });
}
