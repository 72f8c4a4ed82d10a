/** So many bytes are looked at for what they say of themselves. */
const PRESCAN_BYTES = 4096;

const BYTE_ORDER_MARKS: readonly (readonly [bytes: readonly number[], label: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
];

/** By what does not depend on the kind of document. */
export function encodingFromOutside(
  bytes: Uint8Array,
  contentType: string | undefined,
): string | undefined {
  const mark = BYTE_ORDER_MARKS.find(([begins]) => begins.every((byte, at) => bytes[at] === byte));
  return mark?.[1] ?? encodingOf(charsetOf(contentType));
}

/** The name of an encoding by one of its labels; undefined for a label that nobody knows. */
export function encodingOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return undefined;
  }
}

/** The first bytes as text in which each byte is a character. */
export function beginningOf(bytes: Uint8Array): string {
  return Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(PRESCAN_BYTES, bytes.length),
  ).toString('latin1');
}

function charsetOf(contentType = ''): string | undefined {
  const match = /(?:^|[;,\s])\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]*))/i.exec(
    contentType.slice(0, 1024),
  );
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
