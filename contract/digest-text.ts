/** RFC 4648, section 5: each character stands for six bits. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SIX_BITS: ReadonlyMap<string, number> = new Map(
  [...ALPHABET].map((letter, at) => [letter, at]),
);

/**
 * The first 16 bytes of a digest, both in base64url, and the first byte as a number. Cut out of the
 * text: by way of a buffer it takes three times as long, and every target has its key made twice.
 */
export function cutDigest(digest: string): { readonly firstByte: number; readonly text: string } {
  // Sixteen bytes are 21 characters and two bits: the others of the last one belong to byte 17.
  const last = ALPHABET.charAt(bitsOf(digest.charAt(21)) & 0b110000);
  const firstByte = (bitsOf(digest.charAt(0)) << 2) | (bitsOf(digest.charAt(1)) >> 4);
  return { firstByte, text: `${digest.slice(0, 21)}${last}` };
}

function bitsOf(letter: string): number {
  return SIX_BITS.get(letter) ?? 0;
}
