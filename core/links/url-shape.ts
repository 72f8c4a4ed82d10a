/** Most parts of a path: deeper ones are made by links that are relative by mistake. */
const MAX_SEGMENTS = 24;
/** Most parameters of a query: filters that are combined without end. */
const MAX_PARAMETERS = 24;
/** How often one part may stand in a path. */
const MAX_REPEATS = 3;

/** A canonical URL with its numbers left out: the days of a calendar are all alike by it. */
export function shapeOf(url: string): string {
  return url.replace(/\d+/g, '#');
}

/** Whether an address is of a kind that only a site's mistake makes, again and again. */
export function isTrap(url: string): boolean {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const end = url.indexOf('?', start);
  const segments = url
    .slice(start, end === -1 ? undefined : end)
    .split('/')
    .filter(Boolean);
  const parameters = end === -1 ? 0 : url.slice(end).split('&').length;
  if (segments.length > MAX_SEGMENTS || parameters > MAX_PARAMETERS) return true;
  const counts = new Map<string, number>();
  for (const segment of segments) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  return Math.max(0, ...counts.values()) > MAX_REPEATS;
}
