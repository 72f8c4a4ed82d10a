import { hash } from 'node:crypto';

/** Bytes of a digest: of 10 million URLs two share one with a probability of 1 in 10^15. */
export const DIGEST_BYTES = 12;

/** The first 96 bits of the SHA-256 of a canonical URL, as 12 characters of Latin-1. */
export function urlDigest(url: string): string {
  return hash('sha256', url, 'buffer').toString('latin1', 0, DIGEST_BYTES);
}
