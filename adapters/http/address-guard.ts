import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What the operator allows. Never taken from a task or a run. */
export interface AddressPolicy {
  readonly allowPrivate: boolean;
}

/** A name resolved to an address that must not be asked. */
export class AddressBlockedError extends Error {
  override readonly name = 'AddressBlockedError';
}

/** All of IPv6 that is given out as global unicast; what lies outside has no class of its own. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Why a host that is written as an address is refused; undefined when it may be asked. */
export function judgeHost(hostname: string, policy: AddressPolicy): string | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? undefined : judgeAddress(address, policy);
}

/**
 * Name resolution for the connector: the connection goes to the very addresses that were judged,
 * so a name that changes its answer gains nothing. One refused address refuses the name.
 */
export function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const refusal = addresses.map(({ address }) => judgeAddress(address, policy)).find(Boolean);
      if (refusal !== undefined) return callback(new AddressBlockedError(refusal), '', 0);
      return answer(addresses, options, callback);
    });
  };
}

function answer(
  addresses: LookupAddress[],
  options: LookupOptions,
  callback: Parameters<LookupFunction>[2],
): void {
  const [first] = addresses;
  if (options.all === true) callback(null, addresses);
  else if (first !== undefined) callback(null, first.address, first.family);
  else callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
}

/** Anything that is not globally routable unicast is refused, by the IANA registries. */
function judgeAddress(address: string, { allowPrivate }: AddressPolicy): string | undefined {
  if (allowPrivate) return undefined;
  const parsed = ipaddr.process(address.replace(/%.*$/, ''));
  const range = parsed.range();
  if (range !== 'unicast') return `${address} is ${range}`;
  const unassigned = parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST);
  return unassigned ? `${address} is not global unicast` : undefined;
}
