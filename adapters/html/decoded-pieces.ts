import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { encodingFromOutside } from './encodings.ts';
import { declaredInMarkup } from './meta-prescan.ts';

/** Bytes decoded and read between two turns of the event loop: a millisecond or two of work. */
const PIECE_BYTES = 64 * 1024;

/**
 * The encoding of a page, by the HTML standard's encoding sniffing: byte order mark, `Content-Type`,
 * what the first bytes declare. Without any of these UTF-8 where the bytes are, else windows-1252.
 */
export function encodingOfPage(bytes: Uint8Array, contentType: string | undefined): string {
  return (
    encodingFromOutside(bytes, contentType) ??
    declaredInMarkup(bytes) ??
    (isUtf8(bytes) ? 'utf-8' : 'windows-1252')
  );
}

/** The text of bytes in pieces, between which others have their turn. */
export async function* decodedPieces(bytes: Uint8Array, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    if (from > 0) await setImmediate();
    yield decoder.decode(bytes.subarray(from, from + PIECE_BYTES), { stream: true });
  }
  yield decoder.decode();
}
