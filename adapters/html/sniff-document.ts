import type { DocumentKind } from '../../core/model/document-kind.ts';
import type { DocumentBody } from '../../core/ports/pages.ts';
import { unlessBroken } from '../image/broken-image.ts';
import { ByteReader } from '../image/byte-reader.ts';
import { inspectImage } from '../image/inspect-image.ts';
import { asUtf8, rootOf } from '../image/xml-root.ts';
import { encodingOfXml } from './decoded-pieces.ts';

/** What a body is, as far as its beginning and its header tell. */
export type Sniffed =
  | {
      readonly kind:
        | 'page'
        | 'style'
        | 'feed'
        | 'xml-sitemap'
        | 'text-sitemap'
        | 'gzip'
        | 'manifest';
    }
  | { readonly kind: 'not-a-page'; readonly detail: string; readonly looksLikeImage: boolean };

/** What `inspectImage` says of bytes that could be a document. */
const READABLE: ReadonlySet<string> = new Set([
  'an HTML page',
  'XML',
  'JSON',
  'text',
  'blank text',
  'unknown bytes',
  'nothing',
]);

/** Sitemaps and feeds by the local names of their root elements. */
const XML_KINDS: ReadonlyMap<string, 'xml-sitemap' | 'feed'> = new Map([
  ['urlset', 'xml-sitemap'],
  ['sitemapindex', 'xml-sitemap'],
  ['rss', 'feed'],
  ['feed', 'feed'],
  ['rdf', 'feed'],
]);

/** What an answer without a byte is: there is nothing in it. */
const EMPTY = {
  page: { kind: 'page' },
  style: { kind: 'style' },
  sitemap: { kind: 'text-sitemap' },
  manifest: { kind: 'manifest' },
} as const satisfies Record<DocumentKind, Sniffed>;

/** Types that servers send when they do not know; what is no type at all counts as none. */
const NO_TYPES: ReadonlySet<string> = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'unknown/unknown',
  'application/unknown',
  '*/*',
  'application/x-unknown',
  'application/x-unknown-content-type',
]);

/** A type and a subtype of RFC 9110, section 8.3.1, in lower case. */
const MEDIA_TYPE = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** Bytes that are looked at for addresses. */
const LIST_BYTES = 4096;

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
  const xmlKind = clues.detail === 'XML' ? XML_KINDS.get(rootNameOf(bytes) ?? '') : undefined;
  if (xmlKind !== undefined) return { kind: xmlKind };
  return EXPECTATIONS[expected](clues, bytes) ?? refused(clues);
}

type Judge = (clues: Clues, bytes: Uint8Array) => Sniffed | undefined;

/** What is made of readable bytes, by what they were expected to be. */
const EXPECTATIONS = {
  page: (clues, bytes) => {
    if (isPage(clues, bytes)) return { kind: 'page' };
    return isListOfUrls(clues, bytes) ? { kind: 'text-sitemap' } : undefined;
  },
  style: (clues) => (isStyle(clues) ? { kind: 'style' } : undefined),
  sitemap: (clues, bytes) => {
    if (isPage(clues, bytes)) return { kind: 'page' };
    return isText(clues) ? { kind: 'text-sitemap' } : undefined;
  },
  manifest: ({ detail }) => (detail === 'JSON' ? { kind: 'manifest' } : undefined),
} as const satisfies Record<DocumentKind, Judge>;

function isPage({ type, detail }: Clues, bytes: Uint8Array): boolean {
  if (isHtml(type)) return true;
  if (isXml(type)) return rootNameOf(bytes) === 'html';
  // A server that goes by the name of what it sends; nobody shows a page's source as an image.
  if (type.startsWith('image/')) return detail === 'an HTML page';
  if (!NO_TYPES.has(type)) return false;
  return detail === 'an HTML page' || (detail === 'XML' && rootNameOf(bytes) !== undefined);
}

/** A sitemap in plain text that was named as a page: each line an address, or a comment. */
function isListOfUrls({ type, detail }: Clues, bytes: Uint8Array): boolean {
  if (detail !== 'text' || !(NO_TYPES.has(type) || type === 'text/plain')) return false;
  const beginning = bytes.subarray(0, LIST_BYTES);
  const lines = new TextDecoder(encodingOfXml(beginning, undefined))
    .decode(beginning)
    .split(/[\r\n]+/);
  // The last one may be cut.
  const whole = bytes.length > LIST_BYTES ? lines.slice(0, -1) : lines;
  const told = whole.map((line) => line.trim()).filter((line) => !/^(?:#|$)/.test(line));
  return told.length > 0 && told.every((line) => /^https?:\/\/\S+$/i.test(line));
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

/**
 * Without parameters, which some servers part by a space or a comma; empty where it is no type, as
 * `html` and `charset=utf-8` are not types. At most 100 characters, because it is shown to people.
 */
function essenceOf(contentType = ''): string {
  const essence = contentType
    .slice(0, 100)
    .trimStart()
    .replace(/[;,\s].*/s, '')
    .toLowerCase();
  return MEDIA_TYPE.test(essence) ? essence : '';
}

function isHtml(type: string): boolean {
  return type === 'text/html' || type === 'application/xhtml+xml';
}

function isXml(type: string): boolean {
  return type.endsWith('/xml') || type.endsWith('+xml');
}
