import type { DocumentBody, DocumentKind } from '../../core/ports/pages.ts';
import { unlessBroken } from '../image/broken-image.ts';
import { ByteReader } from '../image/byte-reader.ts';
import { inspectImage } from '../image/inspect-image.ts';
import { asUtf8, rootOf } from '../image/xml-root.ts';

/** What a body is, as far as its beginning and its header tell. */
export type Sniffed =
  | { readonly kind: 'page' | 'style' | 'xml-sitemap' | 'text-sitemap' | 'gzip' }
  | { readonly kind: 'not-a-page'; readonly detail: string; readonly looksLikeImage: boolean };

/** What `inspectImage` says of bytes that could be a document. */
const READABLE: ReadonlySet<string> = new Set([
  ...['an HTML page', 'XML', 'JSON', 'text', 'blank text', 'unknown bytes', 'nothing'],
]);

/** Local names of the root elements of sitemaps and feeds. */
const SITEMAPS: ReadonlySet<string> = new Set(['urlset', 'sitemapindex', 'rss', 'feed', 'rdf']);

/** What an answer without a byte is: there is nothing in it. */
const EMPTY = {
  page: { kind: 'page' },
  style: { kind: 'style' },
  sitemap: { kind: 'text-sitemap' },
} as const satisfies Record<DocumentKind, Sniffed>;

/** Types that servers send when they do not know. */
const NO_TYPES: ReadonlySet<string> = new Set([
  ...['', 'application/octet-stream', 'binary/octet-stream', 'unknown/unknown'],
  ...['application/unknown', '*/*'],
]);

interface Clues {
  /** Of the header, in lower case and without parameters. */
  readonly type: string;
  /** Of the bytes, in a word or two. */
  readonly detail: string;
}

/** Tells what a body is, by its bytes first: names and headers are wrong more often. */
export function sniffDocument({ bytes, contentType, expected }: DocumentBody): Sniffed {
  const type = essenceOf(contentType);
  const seen = inspectImage(bytes);
  if (seen.kind !== 'not-an-image') {
    const format = seen.kind === 'image' ? seen.facts.format : seen.format;
    // A fragment of HTML may begin with a drawing.
    if (format === 'svg' && isHtml(type)) return { kind: 'page' };
    return { kind: 'not-a-page', detail: `an image (${format})`, looksLikeImage: true };
  }
  const clues = { type, detail: seen.detail };
  if (clues.detail === 'nothing') return EMPTY[expected];
  if (clues.detail === 'gzip' && expected !== 'style') return { kind: 'gzip' };
  if (!READABLE.has(clues.detail)) return refused(clues);
  if (clues.detail === 'XML' && SITEMAPS.has(rootNameOf(bytes) ?? ''))
    return { kind: 'xml-sitemap' };
  return EXPECTATIONS[expected](clues, bytes) ?? refused(clues);
}

type Judge = (clues: Clues, bytes: Uint8Array) => Sniffed | undefined;

/** What is made of readable bytes, by what they were expected to be. */
const EXPECTATIONS = {
  page: (clues, bytes) => (isPage(clues, bytes) ? { kind: 'page' } : undefined),
  style: (clues) => (isStyle(clues) ? { kind: 'style' } : undefined),
  sitemap: (clues, bytes) => {
    if (isPage(clues, bytes)) return { kind: 'page' };
    return isText(clues) ? { kind: 'text-sitemap' } : undefined;
  },
} as const satisfies Record<DocumentKind, Judge>;

function isPage({ type, detail }: Clues, bytes: Uint8Array): boolean {
  if (isHtml(type)) return true;
  if (isXml(type)) return rootNameOf(bytes) === 'html';
  if (!NO_TYPES.has(type)) return false;
  return detail === 'an HTML page' || (detail === 'XML' && rootNameOf(bytes) !== undefined);
}

/** Without a style's type only what could be one, and is no page that tells of an error. */
function isStyle({ type, detail }: Clues): boolean {
  if (type === 'text/css') return detail !== 'an HTML page';
  return isText({ type, detail }) && (NO_TYPES.has(type) || type === 'text/plain');
}

function isText({ detail }: Clues): boolean {
  return detail === 'text' || detail === 'blank text';
}

function refused({ type, detail }: Clues): Sniffed {
  const isUnknown = detail === 'unknown bytes';
  const looksLikeImage = isUnknown && type.startsWith('image/');
  if (isUnknown && !NO_TYPES.has(type)) return { kind: 'not-a-page', detail: type, looksLikeImage };
  const isToldOtherwise = READABLE.has(detail) && !NO_TYPES.has(type);
  const told = isToldOtherwise ? `${detail} sent as ${type}` : detail;
  return { kind: 'not-a-page', detail: told, looksLikeImage };
}

/** Local name of the root element, in lower case. */
function rootNameOf(bytes: Uint8Array): string | undefined {
  const root = unlessBroken(() => rootOf(asUtf8(new ByteReader(bytes))));
  return root?.name.replace(/^.*:/, '').toLowerCase();
}

/** At most 100 characters: it is told to people. */
function essenceOf(contentType = ''): string {
  return contentType.slice(0, 100).replace(/;.*/s, '').trim().toLowerCase();
}

function isHtml(type: string): boolean {
  return type === 'text/html' || type === 'application/xhtml+xml';
}

function isXml(type: string): boolean {
  return type.endsWith('/xml') || type.endsWith('+xml');
}
