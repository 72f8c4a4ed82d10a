import { crc32 } from 'node:zlib';
import { imageSize } from 'image-size';
import type { PictureFormat } from '../cli/demo/pictures.ts';

type Stamp = (picture: Buffer, text: Buffer) => Buffer;

const STAMPS = {
  jpg: stampJpeg,
  png: stampPng,
  gif: stampGif,
  webp: stampWebp,
  avif: stampAvif,
  svg: stampSvg,
} as const satisfies Record<PictureFormat, Stamp>;

/**
 * The same picture with a text of up to 60 kB where its format has a place for one: other bytes,
 * still valid. The text is ASCII letters, digits and spaces, which every one of the places takes.
 */
export function stampPicture(format: PictureFormat, picture: Buffer, text: Buffer): Buffer {
  return STAMPS[format](picture, text);
}

/** A comment segment; JFIF wants its own segment to stay the first. */
function stampJpeg(picture: Buffer, text: Buffer): Buffer {
  const at = 4 + picture.readUInt16BE(4);
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([picture.subarray(0, at), head, text, picture.subarray(at)]);
}

/** A tEXt chunk, before the IEND chunk of 12 bytes. */
function stampPng(picture: Buffer, text: Buffer): Buffer {
  const at = picture.length - 12;
  const head = Buffer.from('....tEXtComment\0', 'latin1');
  head.writeUInt32BE('Comment\0'.length + text.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(text, crc32(head.subarray(4))));
  return Buffer.concat([picture.subarray(0, at), head, text, checksum, picture.subarray(at)]);
}

/** A comment extension, in blocks of up to 255 bytes, before the trailer of one byte. */
function stampGif(picture: Buffer, text: Buffer): Buffer {
  const at = picture.length - 1;
  const parts = [picture.subarray(0, at), Buffer.from([0x21, 0xfe])];
  for (let from = 0; from < text.length; from += 255) {
    const block = text.subarray(from, from + 255);
    parts.push(Buffer.from([block.length]), block);
  }
  parts.push(Buffer.from([0]), picture.subarray(at));
  return Buffer.concat(parts);
}

/** A chunk of an unknown name, which readers pass over; only the extended format may have one. */
function stampWebp(picture: Buffer, text: Buffer): Buffer {
  const head = Buffer.from('NOTE....', 'latin1');
  head.writeUInt32LE(text.length, 4);
  const stamped = Buffer.concat([extendedWebp(picture), head, text, Buffer.alloc(text.length % 2)]);
  stamped.writeUInt32LE(stamped.length - 8, 4);
  return stamped;
}

function extendedWebp(picture: Buffer): Buffer {
  if (picture.toString('latin1', 12, 16) === 'VP8X') return picture;
  const { width, height } = imageSize(picture);
  const chunk = Buffer.alloc(18);
  chunk.write('VP8X', 'latin1');
  chunk.writeUInt32LE(10, 4);
  chunk.writeUIntLE(width - 1, 12, 3);
  chunk.writeUIntLE(height - 1, 15, 3);
  return Buffer.concat([picture.subarray(0, 12), chunk, picture.subarray(12)]);
}

/** A box of free space at the end of the file. */
function stampAvif(picture: Buffer, text: Buffer): Buffer {
  const head = Buffer.from('....free', 'latin1');
  head.writeUInt32BE(head.length + text.length);
  return Buffer.concat([picture, head, text]);
}

/** A comment after the root element. */
function stampSvg(picture: Buffer, text: Buffer): Buffer {
  return Buffer.concat([picture, Buffer.from('<!-- '), text, Buffer.from(' -->\n')]);
}
