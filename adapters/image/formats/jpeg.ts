import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import { exifOrientation } from '../exif-orientation.ts';
import type { ImageFormat, Shape } from '../image-format.ts';
import { JpegMetadata } from '../jpeg-metadata.ts';

/** ITU-T T.81, table B.1. */
const [SOI, EOI, SOS, DHP, APP1, APP11] = [0xd8, 0xd9, 0xda, 0xde, 0xe1, 0xeb];

/** Frame headers of every coding process, and DHP, which has their form; DHT, JPG and DAC are not frame headers. */
const FRAMES: ReadonlySet<number> = new Set([
  0xc0,
  0xc1,
  0xc2,
  0xc3,
  0xc5,
  0xc6,
  0xc7,
  0xc9,
  0xca,
  0xcb,
  0xcd,
  0xce,
  0xcf,
  DHP,
]);

const FILL = Buffer.from([0xff]);
const END = Buffer.from([0xff, EOI]);

/** DNL, and the only length that it may have. */
const LATE_HEIGHT = Buffer.from([0xff, 0xdc, 0, 4]);

const EXIF = 'Exif\0\0';

interface Head extends Shape {
  /** Where the data of the first scan begins, its header included. */
  readonly scanAt: number;
}

/**
 * JPEG of every coding process. Pictures inside segments (a thumbnail in EXIF) are stepped over, and
 * what follows the end of the first picture (a second one, a film) is not looked at. Data without its
 * end marker is taken for cut: nothing else in the format tells.
 */
export const jpeg: ImageFormat = {
  recognise: (file) => (file.is(0, '\xff\xd8\xff') ? 'jpeg' : undefined),
  read(file) {
    const { scanAt, ...shape } = readHead(file);
    // Inside a scan 0xFF is always followed by 0 or a restart number, so this is no pixel.
    if (file.findLast(END) < scanAt) throw new BrokenImage('it has no end marker');
    return shape.height === 0 ? { ...shape, height: lateHeight(file, scanAt) } : shape;
  },
};

/** Segments up to the first scan. */
function readHead(file: ByteReader): Head {
  let frame: Shape | undefined;
  let orientation: number | undefined;
  const metadata = new JpegMetadata();
  for (let at = 2; ; ) {
    at = markerAt(file, at);
    const marker = file.u8(at);
    if (hasNoLength(marker)) {
      at += 1;
      continue;
    }
    if (marker === SOI || marker === EOI) throw new BrokenImage('it has no picture data');
    const length = file.u16(at + 1);
    if (length < 2) throw new BrokenImage('a segment has no length');
    const end = at + 1 + length;
    if (marker === SOS && frame !== undefined)
      return { ...frame, orientation, embedded: metadata.all(), scanAt: end };
    if (marker === SOS) throw new BrokenImage('it has no frame header');
    if (FRAMES.has(marker)) frame ??= readFrame(file.part(at + 3, end));
    if (marker === APP1 && file.is(at + 3, EXIF))
      orientation ??= exifOrientation(file.part(at + 3 + EXIF.length, Math.min(end, file.length)));
    if (marker === APP1 || marker === APP11)
      metadata.take(marker, file.part(at + 3, Math.min(end, file.length)));
    at = end;
  }
}

/** Where the code of the next marker is. Decoders pass over stray bytes and fill bytes (B.1.1.2). */
function markerAt(file: ByteReader, from: number): number {
  let at = file.u8(from) === 0xff ? from : file.find(FILL, from);
  if (at === -1) throw new BrokenImage('it ends too early');
  while (file.u8(at) === 0xff) at += 1;
  return at;
}

/** A stuffed 0xFF, TEM, or a restart. */
function hasNoLength(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

function readFrame(frame: ByteReader): Shape {
  if (frame.length !== 6 + 3 * frame.u8(5)) throw new BrokenImage('its frame header is damaged');
  return { height: frame.u16(1), width: frame.u16(3) };
}

/** B.2.5: a frame may leave its height to a DNL segment after the first scan. */
function lateHeight(file: ByteReader, scanAt: number): number {
  const at = file.find(LATE_HEIGHT, scanAt);
  if (at === -1) throw new BrokenImage('its height is nowhere');
  return file.u16(at + 4);
}
