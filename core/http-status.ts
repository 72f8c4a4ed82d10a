import type { Reason } from './outcome.ts';

/** Every status that brings no image, to its reason (RFC 9110, section 15). */
export function reasonOfStatus(httpStatus: number): Reason {
  if (httpStatus === 404 || httpStatus === 410) return 'not-found';
  if ([401, 402, 403, 407, 451].includes(httpStatus)) return 'forbidden';
  if (httpStatus === 408) return 'timeout';
  if (httpStatus === 429) return 'rate-limited';
  if (httpStatus === 503) return 'unavailable';
  if (httpStatus >= 500) return 'server-error';
  return httpStatus >= 400 ? 'client-error' : 'unexpected-status';
}

/** RFC 9110, section 15.4: statuses whose `Location` is to be followed. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
