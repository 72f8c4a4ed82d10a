import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { beginningOf, encodingFromOutside } from './encodings.ts';
import { declaredAsXml, declaredInMarkup } from './meta-prescan.ts';

/** Bytes decoded and read between two turns of the event loop: a millisecond or two of work. */
const PIECE_BYTES = 64 * 1024;

/**
 * The encoding of a page, by the HTML standard's encoding sniffing: byte order mark, `Content-Type`,
 * what the first bytes declare. Without any of these UTF-8 where the bytes are, otherwise windows-1252.
 */
export function encodingOfPage(bytes: Uint8Array, contentType: string | undefined): string {
  return (
    encodingFromOutside(bytes, contentType) ??
    declaredInMarkup(bytes) ??
    (isUtf8(bytes) ? 'utf-8' : 'windows-1252')
  );
}

/** The encoding of XML: as a whole file says it, otherwise UTF-8. */
export function encodingOfXml(beginning: Uint8Array, contentType: string | undefined): string {
  return (
    encodingFromOutside(beginning, contentType) ??
    utf16ByPattern(beginning) ??
    declaredAsXml(beginningOf(beginning)) ??
    'utf-8'
  );
}

/** How UTF-16 without a byte order mark begins (XML 1.0, appendix F). */
function utf16ByPattern([first, second]: Uint8Array): string | undefined {
  if (first === 0x3c && second === 0) return 'utf-16le';
  return first === 0 && second === 0x3c ? 'utf-16be' : undefined;
}

/** Bytes one after the other. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A body in chunks that take a moment each. */
export function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES)
    yield bytes.subarray(from, from + PIECE_BYTES);
}

/** The text of bytes in pieces, between which others have their turn. */
export async function* decodedPieces(chunks: Chunks, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let isFirst = true;
  for await (const chunk of chunks) {
    if (!isFirst) await setImmediate();
    isFirst = false;
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}
