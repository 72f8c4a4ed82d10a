import { excerpt } from '../model/canonical-url.ts';

/** A hash that a list gives of an image; undefined where it gives none. */
export type ExpectedHash =
  | { readonly kind: 'hash'; readonly hash: string | undefined }
  | { readonly kind: 'bad'; readonly problem: string };

/** A SHA-256 or an MD5 in lower-case hexadecimal: by their lengths the two are told apart. */
export const EXPECTED_HASH = /^(?:[0-9a-f]{64}|[0-9a-f]{32})$/;

/** Reads the cell of a column of hashes. An empty one means that any bytes will do. */
export function readExpectedHash(cell: string): ExpectedHash {
  const text = cell.trim().toLowerCase();
  if (text === '') return { kind: 'hash', hash: undefined };
  if (EXPECTED_HASH.test(text)) return { kind: 'hash', hash: text };
  const problem = `its hash is neither a SHA-256 nor an MD5 in hexadecimal: ${excerpt(cell)}`;
  return { kind: 'bad', problem };
}
