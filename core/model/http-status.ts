import type { Reason } from './outcome.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Header fields of an answer: names in lower case. */
type Headers = Readonly<Record<string, string | undefined>>;

/** Every status that brings no image, to its reason (RFC 9110, section 15). */
export function reasonOfStatus(httpStatus: number): Reason {
  if (httpStatus === 404 || httpStatus === 410) return 'not-found';
  if (httpStatus === 402) return 'payment-required';
  if ([401, 403, 407, 451].includes(httpStatus)) return 'forbidden';
  if (httpStatus === 408) return 'timeout';
  // RFC 8470, section 5.2: the same request may be made again, a little later.
  if (httpStatus === 425) return 'server-error';
  if (httpStatus === 429) return 'rate-limited';
  if (httpStatus === 503) return 'unavailable';
  if (httpStatus >= 500) return 'server-error';
  return httpStatus >= 400 ? 'client-error' : 'unexpected-status';
}

/** Refusals by which some sites limit the pace, and say so by a `Retry-After`: 420 and 430 are no standard. */
const MAY_LIMIT_PACE: ReadonlySet<number> = new Set([403, 420, 430]);

/** The same for a whole answer: a 403 that names a time says "not now", and without one "no". */
export function reasonOfAnswer(httpStatus: number, headers: Headers): Reason {
  const isLimit =
    MAY_LIMIT_PACE.has(httpStatus) && parseRetryAfter(headers['retry-after'], 0) !== undefined;
  return isLimit ? 'rate-limited' : reasonOfStatus(httpStatus);
}

/** RFC 9110, section 15.4: statuses whose `Location` is to be followed. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether an answer sends us elsewhere: 300 does where it prefers an address (section 15.4.1). */
export function isRedirect(httpStatus: number, headers: Headers): boolean {
  if (httpStatus === 300) return headers['location'] !== undefined;
  return REDIRECTS.has(httpStatus);
}
