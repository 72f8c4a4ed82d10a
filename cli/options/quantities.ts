const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];

/**
 * A whole number, `1234` as `1,234`. Not by `toLocaleString`: the first call of a process reads what
 * ICU knows of languages: 15 to 40 ms.
 */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `12345` as `12.3 kB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < BYTES.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${BYTES[unit]}`;
}

/** `75` as `1 min 15 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** `12` as `12 ms`, and `1234` as `1.2 s`. */
export function formatMs(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : formatSeconds(ms / 1000);
}

/** `253.4` a second as `253`, and `2.53` as `2.5`. */
export function formatRate(perSecond: number): string {
  return perSecond >= 9.95 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1);
}

/** `1.234` as `$1.23`, and `0.001234` as `$0.0012`. */
export function formatDollars(dollars: number): string {
  if (dollars === 0 || dollars >= 0.0995) return `$${dollars.toFixed(2)}`;
  const digits = 1 - Math.floor(Math.log10(dollars));
  return `$${dollars.toFixed(Math.min(9, digits))}`;
}

/** `1 target`, `2 targets`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A time of this machine, to the minute: `2026-11-28 12:24`. `ms` since 1970. */
export function formatTime(ms: number): string {
  const at = new Date(ms);
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
  return `${day} ${[at.getHours(), at.getMinutes()].map(twoDigits).join(':')}`;
}

/** A time of today on this machine, to the second: `12:24:31`. `ms` since 1970. */
export function formatClock(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
