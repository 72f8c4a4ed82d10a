import type { ReadDocumentBody } from '../../core/ports/pages.ts';
import { readPage } from './read-page.ts';
import { readStyle } from './read-style.ts';
import { sniffDocument } from './sniff-document.ts';

/** Reads what a target that is no image answered, by what its bytes are. */
export const readDocument: ReadDocumentBody = async (body) => {
  const sniffed = sniffDocument(body);
  if (sniffed.kind === 'not-a-page') return sniffed;
  return sniffed.kind === 'style' ? readStyle(body) : readPage(body);
};
