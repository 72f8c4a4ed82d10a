import { hash } from 'node:crypto';

/** Bytes of a fingerprint: two of a million URLs are alike in one run of five hundred. */
const BYTES = 6;

/** A short name of a canonical URL, as a whole number below 2^48. */
export function fingerprint(url: string): number {
  return hash('sha256', url, 'buffer').readUIntBE(0, BYTES);
}

/** Fingerprints of many as one text. */
export function encodeSightings(urls: readonly string[]): string {
  const bytes = Buffer.alloc(urls.length * BYTES);
  urls.forEach((url, at) => {
    bytes.writeUIntBE(fingerprint(url), at * BYTES, BYTES);
  });
  return bytes.toString('base64');
}

/** Reads them again. */
export function decodeSightings(text: string): readonly number[] {
  const bytes = Buffer.from(text, 'base64');
  const count = Math.floor(bytes.length / BYTES);
  return Array.from({ length: count }, (_, at) => bytes.readUIntBE(at * BYTES, BYTES));
}
