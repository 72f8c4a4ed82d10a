import { excerpt } from '../model/canonical-url.ts';

/** A hash that a list gives of an image; undefined where it gives none. */
export type ExpectedHash =
  | { readonly kind: 'hash'; readonly hash: string | undefined }
  | { readonly kind: 'bad'; readonly problem: string };

/** Lengths of a SHA-256 and an MD5 in hexadecimal: by them the two are told apart. */
const HASH = /^(?:[0-9a-f]{64}|[0-9a-f]{32})$/;

/** Reads the cell of a column of hashes. An empty one means that any bytes will do. */
export function readExpectedHash(cell: string): ExpectedHash {
  const text = cell.trim().toLowerCase();
  if (text === '') return { kind: 'hash', hash: undefined };
  if (HASH.test(text)) return { kind: 'hash', hash: text };
  const problem = `its hash is neither a SHA-256 nor an MD5 in hexadecimal: ${excerpt(cell)}`;
  return { kind: 'bad', problem };
}
