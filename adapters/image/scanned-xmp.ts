import type { ByteReader } from './byte-reader.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from './embedded.ts';

const BEGIN = Buffer.from('<x:xmpmeta');
const END = Buffer.from('</x:xmpmeta>');

/**
 * The first XMP packet of a file whose container says in too many ways where it is (items of HEIF):
 * packets are made to be found by a search (XMP part 1, section 7.3.2).
 */
export function scannedXmp(file: ByteReader): readonly Embedded[] {
  const from = file.find(BEGIN, 0);
  if (from === -1) return [];
  const end = file.find(END, from);
  const length = Math.min((end === -1 ? file.length : end) - from, MAX_EMBEDDED_BYTES);
  return [{ kind: 'xmp', bytes: file.bytes(from, length) }];
}
