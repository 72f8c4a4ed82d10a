import type { Headers } from '../ports/fetcher.ts';

/** Longest lifetime that is believed: RFC 9111, section 1.2.2, lets recipients cap it; in milliseconds. */
const MAX_MS = 365 * 24 * 3600 * 1000;

/** Directives that let nothing be taken for fresh without asking (RFC 9111, section 5.2.2). */
const NEVER: ReadonlySet<string> = new Set(['no-cache', 'no-store']);

/**
 * How long from now on a site calls its answer fresh, in milliseconds; undefined where it does not say
 * (RFC 9111, section 4.2). Nothing is guessed from Last-Modified: a crawl is to find what changed.
 */
export function freshForMs(headers: Headers): number | undefined {
  const lifetimeMs = lifetimeOf(headers);
  if (lifetimeMs === undefined) return undefined;
  // It may have been in a cache on its way (section 5.1).
  const ageMs = secondsIn(headers['age']?.split(',')[0]) ?? 0;
  return Math.min(MAX_MS, Math.max(0, lifetimeMs - ageMs));
}

function lifetimeOf(headers: Headers): number | undefined {
  // It depends on more than what is sent.
  if (headers['vary']?.split(',').some((name) => name.trim() === '*') === true) return 0;
  const directives = directivesIn(headers['cache-control']);
  if (directives.some(({ name }) => NEVER.has(name))) return 0;
  const ages = directives.filter(({ name }) => name === 'max-age');
  // One that cannot be read, and the shortest of several (section 4.2.1).
  if (ages.length > 0) return Math.min(...ages.map(({ value }) => secondsIn(value) ?? 0));
  const { expires } = headers;
  if (expires === undefined) return undefined;
  // `0` and other texts that are no date mean the past (section 5.3).
  const endMs = Date.parse(expires);
  const startMs = Date.parse(headers['date'] ?? '');
  return Number.isNaN(endMs) || Number.isNaN(startMs) ? 0 : Math.max(0, endMs - startMs);
}

interface Directive {
  readonly name: string;
  readonly value: string | undefined;
}

/** Of each directive its name in lower case, and its value without quotes. */
function directivesIn(field = ''): readonly Directive[] {
  return [...field.matchAll(DIRECTIVE)].map(([, name = '', quoted, token]) => {
    return { name: name.toLowerCase(), value: quoted ?? token };
  });
}

const DIRECTIVE = /([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;

/** Seconds as milliseconds; undefined when the text is no number of them. */
function secondsIn(text: string | undefined): number | undefined {
  const digits = /^\s*(\d+)\s*$/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits) * 1000;
}
