/** Everything in a tar file is in blocks of so many bytes (POSIX.1-2024, pax, "ustar Interchange Format"). */
const BLOCK = 512;

/** Two blocks of zeros end a tar file. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK);

/** Bytes before the content of a member. */
export const HEADER_BYTES = BLOCK;

/** Fields of a header: where they begin, and what is in those that are the same for every member. */
const MODE = { at: 100, text: '0000644\0' };
const OWNER = { at: 108, text: '0000000\0' };
const GROUP = { at: 116, text: '0000000\0' };
const SIZE = { at: 124, digits: 11 };
/** Of 1970, so that the same images make the same bytes. */
const MODIFIED = { at: 136, text: '00000000000\0' };
const CHECKSUM = { at: 148, digits: 6, blank: '        ' };
const TYPE = { at: 156, text: '0' };
const MAGIC = { at: 257, text: 'ustar\0' };
const VERSION = { at: 263, text: '00' };
const CONSTANT = [MODE, OWNER, GROUP, MODIFIED, TYPE, MAGIC, VERSION];
const MAX_NAME_BYTES = 100;

/** A regular file as it lies in a tar file: header, content, and zeros up to a whole block. */
export function tarMember(name: string, content: Uint8Array): Uint8Array {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw new RangeError(`name of ${Buffer.byteLength(name)} bytes, expected at most 100`);
  const size = content.byteLength;
  const member = Buffer.allocUnsafe(memberBytes(size));
  member.fill(0, 0, BLOCK);
  member.write(name, 0);
  for (const { at, text } of CONSTANT) member.write(text, at, 'latin1');
  member.write(octal(size, SIZE.digits), SIZE.at, 'latin1');
  member.write(CHECKSUM.blank, CHECKSUM.at, 'latin1');
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += member[at] ?? 0;
  member.write(`${octal(sum, CHECKSUM.digits)}\0 `, CHECKSUM.at, 'latin1');
  member.set(content, BLOCK);
  member.fill(0, BLOCK + size);
  return member;
}

/** How long a member with so many bytes of content is, in bytes. */
export function memberBytes(size: number): number {
  return HEADER_BYTES + Math.ceil(size / BLOCK) * BLOCK;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** What a header says of its member; `padding` are the bytes of zeros behind its content. */
export interface TarHeader {
  readonly name: string;
  readonly size: number;
  readonly padding: number;
}

/** Reads a header that was written here: `end` where the file is over, `broken` where it is not a header. */
export function readHeader(block: Buffer): TarHeader | 'end' | 'broken' {
  if (block.every((byte) => byte === 0)) return 'end';
  const name = block.toString('latin1', 0, MAX_NAME_BYTES).replace(/\0+$/, '');
  const size = Number.parseInt(block.toString('latin1', SIZE.at, SIZE.at + SIZE.digits), 8);
  const isOurs = block.toString('latin1', MAGIC.at, MAGIC.at + MAGIC.text.length) === MAGIC.text;
  if (!isOurs || !Number.isSafeInteger(size)) return 'broken';
  return { name, size, padding: memberBytes(size) - HEADER_BYTES - size };
}
