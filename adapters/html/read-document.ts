import type { DocumentBody, ReadDocument, ReadDocumentBody } from '../../core/ports/pages.ts';
import { chunksOf, encodingOfXml } from './decoded-pieces.ts';
import { inflated } from './inflated.ts';
import { readManifest } from './read-manifest.ts';
import { readPage } from './read-page.ts';
import { readFeed, readTextSitemap, readXmlSitemap, type SitemapBody } from './read-sitemap.ts';
import { readStyle } from './read-style.ts';
import { type Sniffed, sniffDocument } from './sniff-document.ts';

type Reader = (body: DocumentBody) => ReadDocument | Promise<ReadDocument>;

/** Who reads what. */
const READERS = {
  page: readPage,
  style: readStyle,
  manifest: readManifest,
  feed: (body) => readFeed(wholeSitemap(body)),
  'xml-sitemap': (body) => readXmlSitemap(wholeSitemap(body)),
  'text-sitemap': (body) => readTextSitemap(wholeSitemap(body)),
  gzip: readCompressed,
} as const satisfies Record<Exclude<Sniffed['kind'], 'not-a-page'>, Reader>;

/** Reads what a target that is no image answered, by what its bytes are. */
export const readDocument: ReadDocumentBody = async (body) => {
  const sniffed = sniffDocument(body);
  return sniffed.kind === 'not-a-page' ? sniffed : READERS[sniffed.kind](body);
};

function wholeSitemap({ bytes, url, best, contentType }: DocumentBody): SitemapBody {
  const encoding = encodingOfXml(bytes, contentType);
  return { url, best, chunks: chunksOf(bytes), encoding };
}

/** Who reads what is inside of a compressed file. */
const COMPRESSED: Partial<Record<Sniffed['kind'], (body: SitemapBody) => Promise<ReadDocument>>> = {
  feed: readFeed,
  'xml-sitemap': readXmlSitemap,
  'text-sitemap': readTextSitemap,
};

/** Nothing but sitemaps is served as a compressed file; what is inside is known by its beginning. */
async function readCompressed(body: DocumentBody): Promise<ReadDocument> {
  const { chunks, isCut } = inflated(body.bytes);
  const all = chunks[Symbol.asyncIterator]();
  const { value: first = new Uint8Array(0) } = await all.next();
  const sniffed = sniffDocument({ ...body, bytes: first, contentType: undefined });
  const read = COMPRESSED[sniffed.kind];
  if (first.length === 0 || read === undefined) {
    await all.return?.();
    return { kind: 'not-a-page', detail: 'gzip', looksLikeImage: false };
  }
  const encoding = encodingOfXml(first, undefined);
  const { url, best } = body;
  const found = await read({ url, best, chunks: withFirst(first, all), encoding });
  return found.kind === 'not-a-page' ? found : { ...found, isCut: found.isCut || isCut() };
}

async function* withFirst(
  first: Uint8Array,
  others: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => others };
}
