const STARTED = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-/;
const DAY_MS = 24 * 3_600_000;

/**
 * Until when a run is kept, in milliseconds since 1970, where runs are kept for so many days from their
 * start; undefined where `text` does not begin with the id of a run, or they are kept for ever.
 */
export function runExpiresMs(text: string, days: number): number | undefined {
  const [, year, month, day, hour, minute, second] = STARTED.exec(text) ?? [];
  if (days === 0 || second === undefined) return undefined;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) + days * DAY_MS;
}
