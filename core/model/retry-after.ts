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
