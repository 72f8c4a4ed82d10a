import { kindByName } from '../../core/links/file-names.ts';
import type { Finds } from './finds.ts';
import type { Attributes } from './markup-reader.ts';

const FOLLOWED = { nofollow: false };

/** Relations of Atom's `link` that lead to more of the same feed (RFC 5005). */
const MORE_OF_FEED: ReadonlySet<string> = new Set([
  'next',
  'prev',
  'previous',
  'first',
  'last',
  'next-archive',
  'prev-archive',
  'current',
]);

/** Types of what an entry of a feed is a short form of. */
const PAGE_TYPES: ReadonlySet<string> = new Set(['', 'text/html', 'application/xhtml+xml']);

export const FEED_ATTRIBUTES: ReadonlySet<string> = new Set([
  'url',
  'href',
  'rel',
  'type',
  'medium',
  'media',
]);

/**
 * The name by which an element is known: in lower case and without its prefix, which is its writer's
 * choice. Only those of Media RSS keep theirs: its `content` is not the element of a feed.
 */
export function feedName(qualified: string): string {
  const name = qualified.toLowerCase();
  return name.startsWith('media:') ? name : name.slice(name.indexOf(':') + 1);
}

type FeedRule = (attributes: Attributes, finds: Finds) => void;

/** What elements of sitemaps and feeds name in their attributes. */
export const FEED_RULES: ReadonlyMap<string, FeedRule> = new Map<string, FeedRule>([
  ['link', readLink],
  ['enclosure', readMedia],
  ['media:content', readMedia],
  ['media:thumbnail', (attributes, finds) => readAddress(attributes.get('url'), finds)],
  ['image', (attributes, finds) => readAddress(attributes.get('href'), finds)],
]);

/** Atom's, and the `xhtml:link` by which a sitemap names a page's translations. */
function readLink(attributes: Attributes, finds: Finds): void {
  const href = attributes.get('href');
  if (href === undefined) return;
  const rel = attributes.get('rel')?.trim().toLowerCase() ?? 'alternate';
  const type = attributes.get('type')?.trim().toLowerCase() ?? '';
  if (rel === 'enclosure') readMedia(new Map([...attributes, ['url', href]]), finds);
  if (MORE_OF_FEED.has(rel)) finds.link(href, 'sitemap', FOLLOWED);
  if (rel === 'alternate' && PAGE_TYPES.has(type)) finds.link(href, 'page', FOLLOWED);
}

/** By its declared type, otherwise by its name. */
function readMedia(attributes: Attributes, finds: Finds): void {
  const url = attributes.get('url');
  if (url === undefined) return;
  const said = attributes.get('medium') ?? attributes.get('type');
  const isImage = said === undefined ? kindByName(url) === 'image' : /^\s*image\b/i.test(said);
  if (isImage) finds.image(url);
}

function readAddress(address: string | undefined, finds: Finds): void {
  if (address !== undefined) finds.image(address);
}

/** An entry of a sitemap or feed: a page, or now and then the image itself. */
export function readEntry(address: string, finds: Finds): void {
  if (kindByName(address) === 'image') finds.image(address);
  else finds.link(address, 'page', FOLLOWED);
}

/** A file with more entries. */
export function readPart(address: string, finds: Finds): void {
  finds.link(address, 'sitemap', FOLLOWED);
}
