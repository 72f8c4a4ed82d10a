import { isIP } from 'node:net';
import type { HostRules } from './host-rules.ts';
import { specialRangeOf } from './special-addresses.ts';
import { isWebPort } from './web-ports.ts';

/** What the operator allows. Never taken from a task or a run. */
export interface AddressPolicy {
  /**
   * The operator's own network may be asked: every address, and with it every port, since what
   * listens there is the operator's to know. URLs with credentials stay refused.
   */
  readonly allowPrivate: boolean;
  /** By default every host may be asked. */
  readonly hosts?: HostRules;
  /** Most bytes of a body, whatever a run asks for; by default what it asks for. */
  readonly maxBytes?: number;
}

/** An address or a port that must not be asked; the message says which, and why. */
export class AddressBlockedError extends Error {
  override readonly name = 'AddressBlockedError';
}

/**
 * Why a URL is refused before anything is looked up; undefined when it may be asked. Only saves
 * the work: what decides is the judgement of each connection, which no path goes round.
 */
export function refusalOfUrl(url: URL, policy: AddressPolicy): string | undefined {
  const { protocol, username, password, hostname, port } = url;
  if (protocol !== 'http:' && protocol !== 'https:') return `${protocol} is not for the web`;
  if (username !== '' || password !== '') return 'credentials in a URL are not sent';
  return refusalOfTarget({ protocol, hostname, port }, policy);
}

/** Where a connection is wanted; an empty port is the protocol's own. */
interface Target {
  readonly protocol: string;
  /** A name, or an address as `new URL` writes it, with or without its brackets. */
  readonly hostname: string;
  readonly port: string;
}

/** Why no connection is opened to a target; undefined for one that may be, and for names. */
export function refusalOfTarget(target: Target, policy: AddressPolicy): string | undefined {
  if (policy.allowPrivate) return undefined;
  const { protocol, hostname, port } = target;
  const defaultPort = protocol === 'https:' ? 443 : 80;
  const number = port === '' ? defaultPort : Number(port);
  if (!isWebPort(number)) return `port ${number} is not for the web`;
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(address) === 0 ? undefined : refusalOfAddress(address, policy);
}

/** Why an address is refused; undefined when it is globally routable unicast, or allowed. */
export function refusalOfAddress(address: string, policy: AddressPolicy): string | undefined {
  if (policy.allowPrivate) return undefined;
  const special = specialRangeOf(address);
  return special && `${address} is ${special.class} (${special.name})`;
}
