import { parseUrl } from '../../core/model/canonical-url.ts';
import type { DocumentBody, ReadDocument } from '../../core/ports/pages.ts';
import { pageDirectives } from '../../core/rights/opt-out.ts';
import { tdmOfMetas } from '../../core/rights/tdmrep.ts';
import { chunksOf, decodedPieces, encodingOfPage } from './decoded-pieces.ts';
import { Finds } from './finds.ts';
import { MAX_ATTRIBUTE_LENGTH, MAX_IMAGES, MAX_LINKS } from './limits.ts';
import { MarkupReader } from './markup-reader.ts';
import { PageReader } from './page-reader.ts';

/** Reads HTML, and XHTML as HTML. */
export async function readPage(body: DocumentBody): Promise<ReadDocument> {
  const limits = { images: MAX_IMAGES, links: MAX_LINKS, best: body.best };
  const encoding = encodingOfPage(body.bytes, body.contentType);
  const finds = new Finds(body.url, limits, encoding);
  const page = new PageReader(finds);
  const reader = new MarkupReader(page, {
    xml: false,
    selfClosing: body.contentType?.trim().toLowerCase().startsWith('application/xhtml+xml'),
    maxAttributeLength: MAX_ATTRIBUTE_LENGTH,
  });
  if (body.linkHeader !== undefined) page.header(body.linkHeader);
  for await (const piece of decodedPieces(chunksOf(body.bytes), encoding)) reader.write(piece);
  reader.end();
  page.end();
  const { optOut, nofollow } = pageDirectives({}, page.metas, body.productToken, body.purposes);
  const { title, licenseUrl: license } = page;
  const mining = tdmOfMetas(page.metas);
  const canonical = otherThan(body.url, page.canonicalUrl);
  return {
    kind: 'page',
    ...(title !== undefined && { title }),
    ...finds.result(nofollow),
    ...(canonical !== undefined && { canonical }),
    ...(optOut !== undefined && { optOut }),
    ...(mining !== undefined && { mining }),
    ...(license !== undefined && { license }),
    isCut: finds.isCut || reader.isCut,
  };
}

/** A page that names itself, in whatever spelling, says nothing. */
function otherThan(url: string, canonical: string | undefined): string | undefined {
  if (canonical === undefined) return undefined;
  const [own, named] = [parseUrl(url), parseUrl(canonical)];
  const isSame = own.kind === 'url' && named.kind === 'url' && own.url === named.url;
  return isSame || named.kind === 'bad' ? undefined : canonical;
}
