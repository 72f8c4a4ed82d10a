import type { Headers } from '../ports/fetcher.ts';
import type { Validators } from '../ports/remembered.ts';

/** An entity tag as it is allowed (RFC 9110, section 8.8.3): another one could break the request. */
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]{0,200}"$/;
/** A date as HTTP spells it (RFC 9110, section 5.6.7); the obsolete forms are longer and older than any site. */
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** A version that is younger may be replaced without another date (RFC 9110, section 8.8.2.2), in milliseconds. */
const SETTLED_MS = 1000;

/** What an answer says of its version, as far as it can be used to ask again. */
export function validatorsOf(headers: Headers): Validators {
  const { etag, date } = headers;
  const lastModified = headers['last-modified'];
  const kept: { etag?: string; lastModified?: string } = {};
  if (etag !== undefined && ETAG.test(etag)) kept.etag = etag;
  if (lastModified !== undefined && isOldEnough(lastModified, date))
    kept.lastModified = lastModified;
  return kept;
}

/** Of a date in the future nobody can tell what it was meant to be. */
function isOldEnough(lastModified: string, date: string | undefined): boolean {
  const ageMs = Date.parse(date ?? '') - Date.parse(lastModified);
  return DATE.test(lastModified) && ageMs >= SETTLED_MS;
}

/**
 * The header fields that ask for a resource only if it is not that version any more; undefined where
 * there is none to name. Both where both are known: a site that understands the tag ignores the date (RFC 9110,
 * section 13.1.3).
 */
export function conditionsOf({
  etag,
  lastModified,
}: Validators): Readonly<Record<string, string>> | undefined {
  if (etag === undefined && lastModified === undefined) return undefined;
  const fields: Record<string, string> = {};
  if (etag !== undefined) fields['if-none-match'] = etag;
  if (lastModified !== undefined) fields['if-modified-since'] = lastModified;
  return fields;
}

/** Whether a 304 can be meant for that version: its own tag, if it has one, is the same (RFC 9111, section 4.3.4). */
export function isAboutVersion(headers: Headers, { etag }: Validators): boolean {
  const told = headers['etag'];
  return told === undefined || etag === undefined || opaque(told) === opaque(etag);
}

/** Weak comparison (RFC 9110, section 8.8.3.2). */
function opaque(etag: string): string {
  return etag.replace(/^W\//, '');
}
