import { availableParallelism } from 'node:os';
import { descriptorLimit } from '../../adapters/http/descriptor-limit.ts';
import { CommandError } from '../command-error.ts';
import { wholeNumber } from './whole-number.ts';

/** How much is done at once on this machine. */
export interface Capacity {
  /** Workers; by default one for each processor, and two at least. */
  readonly workers?: number;
  /** Requests to sites that each of them has under way; by default what the template says. */
  readonly maxInFlight?: number;
}

/** Most workers on one machine. */
const MAX_WORKERS = 64;
/** Most requests that a worker has under way. */
const MAX_IN_FLIGHT = 10_000;
/** A request may open two sockets (RFC 8305), or ask a name server for two families. */
const DESCRIPTORS_PER_REQUEST = 2;
/** Descriptors for everything else: the emulators, their clients, files. */
const OTHER_DESCRIPTORS = 200;

/** Workers on this machine when nothing is said. */
export const DEFAULT_WORKERS = Math.max(2, availableParallelism());

/**
 * Reads `--workers` and `--in-flight`. `limit` is the most descriptors that this process may have
 * open. @throws CommandError naming the limit when they need more
 */
export function readCapacity(
  typed: { readonly workers?: string; readonly inFlight?: string },
  limit = descriptorLimit(),
): Capacity {
  const workers = wholeNumber('--workers', typed.workers, 1, MAX_WORKERS);
  const maxInFlight = wholeNumber('--in-flight', typed.inFlight, 1, MAX_IN_FLIGHT);
  if (maxInFlight === undefined) return { workers };
  const atOnce = workers ?? DEFAULT_WORKERS;
  const needed = atOnce * maxInFlight * DESCRIPTORS_PER_REQUEST + OTHER_DESCRIPTORS;
  if (needed <= limit) return { workers, maxInFlight };
  const most = Math.floor((limit - OTHER_DESCRIPTORS) / DESCRIPTORS_PER_REQUEST / atOnce);
  throw new CommandError(
    `--in-flight: ${maxInFlight} for each of ${atOnce} workers need ${needed} open files, and this process may open ${limit} (ulimit -n): at most ${Math.max(0, most)}`,
  );
}
