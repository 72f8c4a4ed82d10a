import type { Headers } from '../../core/ports/fetcher.ts';

/** The content codings of a body in the order in which they are undone (RFC 9110, section 8.4), in lower case. */
export function contentCodings(headers: Headers): readonly string[] {
  return (headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
    .toReversed();
}

/** Whether "deflate" has its zlib wrapper: some servers leave it out, and browsers take both (section 8.4.1.2). */
export function hasZlibHeader([header = 8]: Uint8Array): boolean {
  return (header & 0x0f) === 8;
}
