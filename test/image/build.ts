import { crc32 } from 'node:zlib';

/** Bytes by text (a character each), number (a byte each) or as they are. */
export function bytes(...parts: readonly (string | number | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.from([part]);
      return typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    }),
  );
}

/** Numbers of so many bytes each, the highest byte first. */
export function big(size: 2 | 4 | 8, ...numbers: readonly number[]): Buffer {
  return Buffer.concat(
    numbers.map((number) => {
      const buffer = Buffer.alloc(8);
      buffer.writeBigUInt64BE(BigInt(number));
      return buffer.subarray(8 - size);
    }),
  );
}

/** Numbers of so many bytes each, the lowest byte first. */
export function little(size: 2 | 3 | 4 | 8, ...numbers: readonly number[]): Buffer {
  return Buffer.concat(
    numbers.map((number) => {
      const buffer = Buffer.alloc(8);
      buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(number)));
      return buffer.subarray(0, size);
    }),
  );
}

/** A segment of a JPEG. */
export function segment(marker: number, content: Uint8Array): Buffer {
  return bytes(0xff, marker, big(2, content.length + 2), content);
}

/** A frame header of a JPEG with one component. */
export function frame(marker: number, width: number, height: number): Buffer {
  return segment(marker, bytes(8, big(2, height, width), 1, 1, 0x11, 0));
}

/** A scan of a JPEG, of a header and a few bytes. */
export const SCAN = bytes(segment(0xda, bytes(1, 1, 0, 0, 63, 0)), 'data\xff\x00data');

/** Begin and end of a JPEG. */
export const [SOI, EOI] = [bytes(0xff, 0xd8), bytes(0xff, 0xd9)];

/** A chunk of a PNG with its checksum. */
export function chunk(type: string, content: Uint8Array = Buffer.alloc(0)): Buffer {
  const sealed = bytes(type, content);
  return bytes(big(4, content.length), sealed, big(4, crc32(sealed)));
}

export const PNG_SIGNATURE = bytes('\x89PNG\r\n\x1a\n');

/** The header of a PNG in 8-bit grey. */
export function pngHeader(width: number, height: number, depth = 8, colour = 0): Buffer {
  return chunk('IHDR', bytes(big(4, width, height), depth, colour, 0, 0, 0));
}

/** A PNG of one byte of picture data, which nobody decodes. */
export function png(width: number, height: number, ...more: readonly Uint8Array[]): Buffer {
  const data = chunk('IDAT', Buffer.from([1]));
  return bytes(PNG_SIGNATURE, pngHeader(width, height), ...more, data, chunk('IEND'));
}

/** A chunk of a RIFF, padded where its length is odd. */
export function riffChunk(type: string, content: Uint8Array): Buffer {
  return bytes(type, little(4, content.length), content, Buffer.alloc(content.length % 2));
}

/** A WebP of these chunks. */
export function webp(...chunks: readonly Uint8Array[]): Buffer {
  const content = bytes('WEBP', ...chunks);
  return bytes('RIFF', little(4, content.length), content);
}

/** A box of an ISO media file. */
export function box(type: string, ...content: readonly (string | number | Uint8Array)[]): Buffer {
  const inside = bytes(...content);
  return bytes(big(4, inside.length + 8), type, inside);
}

/** The screen of a GIF without a colour table. */
export function gifScreen(width: number, height: number): Buffer {
  return bytes('GIF89a', little(2, width, height), 0, 0, 0);
}

/** A picture of a GIF, of one sub-block. */
export function gifImage(width: number, height: number): Buffer {
  return bytes(0x2c, little(2, 0, 0, width, height), 0, 2, 1, 0x44, 0);
}

/** An entry of a TIFF's directory, in little-endian, of a type whose numbers have at most four bytes. */
export function tiffEntry(tag: number, type: number, count: number, value: number): Buffer {
  return bytes(little(2, tag, type), little(4, count, value));
}

/** A directory of a TIFF. */
export function tiffDirectory(entries: readonly Uint8Array[], nextAt = 0): Buffer {
  return bytes(little(2, entries.length), ...entries, little(4, nextAt));
}

/** The header of a little-endian TIFF whose first directory follows. */
export const TIFF_HEADER = bytes('II', little(2, 42), little(4, 8));

/** An EXIF block that holds an orientation and nothing else. */
export function exif(orientation: number): Buffer {
  return bytes(TIFF_HEADER, tiffDirectory([tiffEntry(0x112, 3, 1, orientation)]));
}
