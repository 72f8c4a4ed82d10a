import type { DocumentBody, ReadDocument } from '../../core/ports/pages.ts';
import { type Chunks, decodedPieces } from './decoded-pieces.ts';
import { readEntry } from './feed-rules.ts';
import { Finds } from './finds.ts';
import { MAX_ATTRIBUTE_LENGTH, MAX_SITEMAP_URLS } from './limits.ts';
import { MarkupReader } from './markup-reader.ts';
import { SitemapReader } from './sitemap-reader.ts';

type Sitemap = Extract<ReadDocument, { readonly images: unknown }>;

/** A sitemap or feed, whole or as it is inflated. */
export interface SitemapBody extends Pick<DocumentBody, 'url' | 'best'> {
  readonly chunks: Chunks;
  readonly encoding: string;
}

/** Reads a sitemap, an index of them, RSS or Atom. Entities that a document declares are not expanded. */
export async function readXmlSitemap(body: SitemapBody): Promise<Sitemap> {
  const finds = findsFor(body);
  const sitemap = new SitemapReader(finds);
  const options = { xml: true, maxAttributeLength: MAX_ATTRIBUTE_LENGTH };
  const reader = new MarkupReader(sitemap, options);
  for await (const piece of decodedPieces(body.chunks, body.encoding)) {
    reader.write(piece);
    if (finds.isFull) break;
  }
  reader.end();
  sitemap.end();
  const { title } = sitemap;
  const isCut = finds.isCut || reader.isCut;
  return { kind: 'sitemap', ...(title !== undefined && { title }), ...finds.result(false), isCut };
}

/** Reads RSS or Atom: what is new on a site, not which pages it has. */
export async function readFeed(body: SitemapBody): Promise<ReadDocument> {
  return { ...(await readXmlSitemap(body)), isFeed: true };
}

/** Reads a sitemap of one URL a line; other lines name nothing. */
export async function readTextSitemap(body: SitemapBody): Promise<ReadDocument> {
  const finds = findsFor(body);
  let rest = '';
  for await (const piece of decodedPieces(body.chunks, body.encoding)) {
    const lines = `${rest}${piece}`.split(/\r\n|[\r\n]/);
    rest = lines.pop() ?? '';
    for (const line of lines) readLine(line, finds);
  }
  readLine(rest, finds);
  return { kind: 'sitemap', ...finds.result(false), isCut: finds.isCut };
}

function readLine(line: string, finds: Finds): void {
  if (/^\s*https?:\/\//i.test(line)) readEntry(line.trim(), finds);
}

function findsFor({ url, best }: SitemapBody): Finds {
  return new Finds(url, { images: MAX_SITEMAP_URLS, links: MAX_SITEMAP_URLS, best });
}
