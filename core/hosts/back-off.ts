/** Longest first wait, in milliseconds. */
const BASE_MS = 2000;
/** No wait of ours is longer, in milliseconds. */
export const MAX_BACK_OFF_MS = 15 * 60 * 1000;

/**
 * How long to wait before try number `tries + 1`, in milliseconds: exponential with full jitter
 * under one cap, so that those who wait do not come back together. A host that names its own time
 * is taken at its word, up to the same cap.
 */
export function backOffMs(tries: number, random: number, retryAfterMs = 0): number {
  const step = Math.min(MAX_BACK_OFF_MS, BASE_MS * 2 ** Math.max(0, tries - 1));
  return Math.min(MAX_BACK_OFF_MS, Math.max(Math.ceil(step * random), retryAfterMs));
}

/**
 * `Retry-After` in milliseconds from now, in both its forms (RFC 9110, section 10.2.3), and with a
 * fraction of a second, as some sites write it; undefined when it is absent or unreadable.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\s*(\d{1,10}(?:\.\d*)?)\s*$/.exec(value)?.[1];
  if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  // `Date.parse` takes nearly every number for a year or a month.
  if (!/[a-z]{3}/i.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
