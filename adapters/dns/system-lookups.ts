import { ADDRCONFIG } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { codeOfError, lookupTimeout, nameLookupError, type ResolveName } from './resolve-name.ts';
import { Slots } from './slots.ts';

/** libuv gives look-ups half of its pool of four threads. */
const AT_ONCE = 2;

const askSystem: ResolveName = (hostname) =>
  lookup(hostname, { all: true, order: 'ipv4first', hints: ADDRCONFIG });

/**
 * Look-ups by getaddrinfo, which knows further sources of names. Rejects with NameLookupError, also
 * when a look-up takes `timeoutMs` milliseconds from its start; it keeps its slot until the system
 * gives it up, as it keeps its thread.
 */
export function systemLookups(timeoutMs: number, system: ResolveName = askSystem): ResolveName {
  const slots = new Slots(AT_ONCE);
  return (hostname) =>
    new Promise((resolve, reject) => {
      void slots.run(async () => {
        const timer = setTimeout(() => reject(lookupTimeout(hostname, timeoutMs)), timeoutMs);
        try {
          resolve(await system(hostname));
        } catch (error) {
          reject(nameLookupError(hostname, codeOfError(error)));
        } finally {
          clearTimeout(timer);
        }
      });
    });
}
