import { readDocument } from '../../adapters/html/read-document.ts';
import { PURPOSES } from '../../core/model/purpose.ts';
import type { DocumentBody, ReadDocument } from '../../core/ports/pages.ts';

export type Page = Extract<ReadDocument, { readonly images: unknown }>;

type Options = Partial<Omit<DocumentBody, 'bytes'>>;

/** Reads a body as it comes from `https://site.example/dir/page`, HTML unless told otherwise. */
export function read(body: string | Uint8Array, options: Options = {}): Promise<ReadDocument> {
  return readDocument({
    bytes: typeof body === 'string' ? Buffer.from(body) : body,
    url: 'https://site.example/dir/page',
    contentType: 'text/html; charset=utf-8',
    expected: 'page',
    productToken: 'image-crawler',
    purposes: PURPOSES,
    best: false,
    ...options,
  });
}

/** The same for what is a document; throws where it is not a document. */
export async function readFound(body: string | Uint8Array, options: Options = {}): Promise<Page> {
  const document = await read(body, options);
  if (document.kind === 'not-a-page') throw new Error(`not a page: ${document.detail}`);
  return document;
}

/** Addresses of the images, as they are relative to `https://site.example/dir/`. */
export async function imagesOf(body: string, options: Options = {}): Promise<readonly string[]> {
  const { images } = await readFound(body, options);
  return images.map(({ url }) => shortened(url));
}

/** Addresses of the links, likewise, with their kinds where they are not pages. */
export async function linksOf(body: string, options: Options = {}): Promise<readonly string[]> {
  const { links } = await readFound(body, options);
  return links.map(({ url, kind }) => `${kind === 'page' ? '' : `${kind} `}${shortened(url)}`);
}

function shortened(url: string): string {
  return url.replace(/^https:\/\/site\.example\/(?:dir\/)?/, (found) =>
    found.endsWith('/dir/') ? '' : '/',
  );
}
