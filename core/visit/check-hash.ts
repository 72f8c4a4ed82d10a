import { hash } from 'node:crypto';

/** Characters of an MD5 in hexadecimal. */
const MD5_LENGTH = 32;

/** What is wrong with the hash of bytes whose SHA-256 is known; undefined where it is the expected one. */
export function hashProblem(
  bytes: Uint8Array,
  sha256: string,
  expected: string | undefined,
): string | undefined {
  if (expected === undefined) return undefined;
  const isMd5 = expected.length === MD5_LENGTH;
  const found = isMd5 ? hash('md5', bytes, 'hex') : sha256;
  if (found === expected) return undefined;
  return `${isMd5 ? 'MD5' : 'SHA-256'} is ${found}, the list gives ${expected}`;
}
