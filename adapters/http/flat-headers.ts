import type { Headers } from '../../core/ports/fetcher.ts';

/** Fields that have one value: to repeat it changes nothing, whatever its commas mean. */
const SINGLE: ReadonlySet<string> = new Set([
  'content-length',
  'content-range',
  'content-type',
  'last-modified',
  'location',
  'retry-after',
]);

/** The headers of an answer, as the port describes them. */
export function flatHeaders(headers: Record<string, string | string[] | undefined>): Headers {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    flat[lower] = Array.isArray(value) ? joined(lower, value) : value;
  }
  return flat;
}

function joined(name: string, values: readonly string[]): string | undefined {
  // RFC 6265, section 3: a comma may be part of a cookie.
  if (name === 'set-cookie') return values.join('\n');
  if (!SINGLE.has(name)) return values.join(', ');
  // The Fetch standard takes the last type, and no one of two addresses.
  if (name === 'content-type') return values.at(-1);
  return new Set(values).size === 1 ? values[0] : undefined;
}
