import { parseUrl } from './canonical-url.ts';
import { dropTracking } from './drop-tracking.ts';
import type { Target } from './task.ts';

/** A URL as it was written, with the canonical one under which it is known. */
export type Spelled = Pick<Target, 'url' | 'foundAs'>;

/** Both forms of a URL that a document names. */
export function spelledFind(found: string): Spelled | undefined {
  const parsed = parseUrl(found);
  return parsed.kind === 'bad' ? undefined : spelled(parsed.url, found);
}

/** The same for a page: what only tells visitors apart is left out of the canonical form. */
export function spelledPage(found: string): Spelled | undefined {
  const parsed = parseUrl(found);
  return parsed.kind === 'bad' ? undefined : spelled(dropTracking(parsed.url), found);
}

/** `foundAs` is absent where it tells nothing that `url` does not. */
export function spelled(url: string, foundAs: string): Spelled {
  return foundAs === url ? { url } : { url, foundAs };
}

/**
 * The URL that is requested for a target: as it was found. A task can come from anyone, so what is
 * no spelling of its `url` is not requested.
 */
export function requestUrlOf({ url, foundAs }: Spelled): string {
  if (foundAs === undefined) return url;
  const parsed = parseUrl(foundAs);
  return parsed.kind === 'url' && isFormOf(parsed.url, url) ? parsed.requestUrl : url;
}

/** Whether a URL, in whatever spelling, is the one that a target is known by. */
export function isSpellingOf(written: string, url: string): boolean {
  const parsed = parseUrl(written);
  return parsed.kind === 'url' && isFormOf(parsed.url, url);
}

function isFormOf(canonical: string, url: string): boolean {
  return canonical === url || dropTracking(canonical) === url;
}
