import { isIP, type Socket } from 'node:net';
import { specialRangeOf } from './special-addresses.ts';

const addresses = new WeakMap<Socket, string>();

/**
 * Notes where the answers on a connection come from, where that is a public address. Judged here,
 * once a connection; a name, which only a proxy has resolved, tells nothing.
 */
export function notePublicAddress(socket: Socket, address: string): void {
  if (isIP(address) === 0 || specialRangeOf(address) !== undefined) return;
  addresses.set(socket, address);
}

/** The public address that was noted of a connection; undefined when it is not public, or not known. */
export function publicAddressOf(socket: Socket): string | undefined {
  return addresses.get(socket);
}
