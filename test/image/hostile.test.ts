import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import * as make from './build.ts';

const { big, box, bytes, little } = make;

/** Largest body of the default settings. */
const SIZE = 20_000_000;

/** A file of that size needs some 200 ms at the most, when it is read once; once for each of its parts, hours. */
const MOST_CPU_MS = 3000;

const filled = (head: Uint8Array | string, pattern: Uint8Array | string) => {
  const file = Buffer.alloc(SIZE);
  const repeated = Buffer.from(pattern);
  file.fill(repeated.length === 1 ? (repeated[0] ?? 0) : repeated);
  file.set(bytes(head));
  return file;
};

/** Pages that lie over one another, each with all the strips of the file. */
function pagesOverPages(): Buffer {
  const count = 65_000;
  const entry = (tag: number, n: number, at: number) => make.tiffEntry(tag, 4, n, at);
  const strips = 1_000_000;
  const pages = Array.from({ length: count }, (_, n) =>
    make.tiffDirectory(
      [entry(257, 1, 5), entry(256, 1, 9), entry(273, strips, 8), entry(279, strips, 8)],
      8 + 54 * (n + 1),
    ),
  );
  return bytes(make.TIFF_HEADER, ...pages, Buffer.alloc(8 * strips));
}

/** An icon with one picture, and 65,534 that lie behind its end, each at another place. */
function iconOfNothing(): Buffer {
  const count = 65_535;
  const one = make.png(9, 5);
  const entries = Array.from({ length: count }, (_, at) => {
    const from = at === 0 ? 6 + 16 * count : 2 ** 31 + at;
    return bytes(little(4, 0, 0, one.length, from));
  });
  return bytes(little(2, 0, 1, count), ...entries, one);
}

/** An icon whose 65,535 pictures are one and the same. */
function iconOfOne(): Buffer {
  const count = 65_535;
  const one = make.png(9, 5);
  const entry = bytes(little(4, 0, 0, one.length, 6 + 16 * count));
  return bytes(little(2, 0, 1, count), Buffer.alloc(16 * count, entry), one);
}

function heifOf(meta: Uint8Array): Buffer {
  return bytes(box('ftyp', 'avif', big(4, 0), 'mif1'), box('meta', big(4, 0), meta));
}

/** Each of a million items has the same 255 properties. */
function manyItems(): Buffer {
  const entry = bytes(big(2, 7), 255, Buffer.alloc(255, 1));
  const ipma = box('ipma', big(4, 0, 2 ** 32 - 1), Buffer.alloc(77_000 * entry.length, entry));
  const iloc = box('iloc', big(4, 0), big(2, 0x4400, 0));
  return heifOf(bytes(box('pitm', big(4, 0), big(2, 9)), iloc, box('iprp', box('ipco'), ipma)));
}

function jpegOf(content: Uint8Array): Buffer {
  return bytes(make.SOI, content, make.frame(0xc0, 9, 5), make.SCAN, make.EOI);
}

const NO_FILE: Readonly<Record<string, () => Uint8Array>> = {
  'a JPEG of fill bytes only': () => filled(make.SOI, '\u007f').fill(0xff, 2),
  'a JPEG of stuffed bytes only': () => filled('\xff\xd8\xff', Buffer.from([0xff, 0])),
  'a JPEG of empty segments only': () => filled('\xff\xd8\xff', Buffer.from([0xff, 0xe1, 0, 2])),
  'a PNG with a chunk of four gigabytes': () =>
    bytes(make.PNG_SIGNATURE, big(4, 2 ** 32 - 1), 'IHDR'),
  'a PNG of empty chunks only': () => filled(make.PNG_SIGNATURE, make.chunk('IDAT')),
  'a GIF of endless sub-blocks': () => filled(bytes('GIF89a', Buffer.alloc(7), '\x21\xfe'), '\x01'),
  'a GIF of padding only': () => filled('GIF89a', '\0'),
  'a WebP of empty chunks only': () =>
    filled(bytes('RIFF', little(4, SIZE - 8), 'WEBP'), make.riffChunk('ANMF', Buffer.alloc(0))),
  'an AVIF of empty boxes only': () =>
    filled(box('ftyp', 'avif', big(4, 0)), make.riffChunk('free', Buffer.alloc(0)).fill(8, 3, 4)),
  'an AVIF with a box of no length': () => bytes(box('ftyp', 'avif', big(4, 0)), big(4, 8), 'meta'),
  'an AVIF with a long box of no length': () =>
    bytes(box('ftyp', 'avif', big(4, 0)), big(4, 1), 'meta', big(8, 0)),
  'an AVIF whose items have too many properties': manyItems,
  'an AVIF with four billion locations': () =>
    heifOf(box('iloc', bytes(2, 0, 0, 0, 0, 0), big(4, 2 ** 32 - 1), Buffer.alloc(SIZE))),
  'a JPEG XL of empty parts only': () =>
    filled(bytes(box('JXL ', '\r\n\x87\n')), box('jxlp', big(4, 0))),
  'a TIFF whose pages go round in a circle': () =>
    bytes(make.TIFF_HEADER, make.tiffDirectory([make.tiffEntry(273, 4, 1, 8)], 8)),
  'a TIFF with all the strips there can be': () =>
    bytes(
      make.TIFF_HEADER,
      make.tiffDirectory([make.tiffEntry(273, 4, 2 ** 32 - 1, 8)]),
      Buffer.alloc(SIZE),
    ),
  'a TIFF whose pages lie over one another': pagesOverPages,
  'a BigTIFF with more entries than numbers': () =>
    bytes('II', little(2, 43, 8, 0), little(8, 16, -1)),
  'an SVG with an endless start tag': () => filled('<svg ', 'a="" '),
  'an SVG with a name without end': () => filled('<svg ', 'a'),
  'an SVG with an endless document type': () => filled('<!DOCTYPE svg [', '<!ENTITY a "b">'),
  'an SVG with endless comments': () => filled('<svg>', '<!-->'),
  'an SVG with close tags only': () => filled('<svg>', '</svg>.').fill('.', SIZE - 1),
  'an SVG behind endless space': () => filled('<', ' '),
};

const FILES: Readonly<Record<string, () => Uint8Array>> = {
  'a JPEG of 65,000 segments': () => jpegOf(Buffer.alloc(65_000 * 4, bytes(0xff, 0xe0, 0, 2))),
  'a JPEG with a broken EXIF a thousand times': () =>
    jpegOf(
      Buffer.concat(
        Array(1000).fill(
          make.segment(0xe1, bytes('Exif\0\0', make.TIFF_HEADER, 0xff, 0xff, Buffer.alloc(60_000))),
        ),
      ),
    ),
  'an icon of 65,535 pictures': iconOfOne,
  'an icon of 65,534 pictures that are not there': iconOfNothing,
  'a GIF of 100,000 frames': () =>
    bytes(make.gifScreen(9, 5), Buffer.alloc(100_000 * 14, make.gifImage(9, 5)), ';'),
  'an SVG with a comment of ten megabytes': () =>
    bytes(`<!--${'x'.repeat(1e7)}-->`, '<svg width="9" height="5"></svg>'),
  'an SVG with a million entities that name one another': () =>
    bytes(
      '<!DOCTYPE svg [',
      '<!ENTITY a "&b;&b;">'.repeat(10_000),
      ']>',
      '<svg width="9" height="5"/>',
    ),
  'an SVG with ten megabytes of data': () =>
    bytes('<svg width="9" height="5">', '<image href="data:x"/>'.repeat(450_000), '</svg>'),
};

/** What comes of a file, in no more than the time that a file of its length may take. */
function inspectInTime(file: Uint8Array) {
  let found: ReturnType<typeof inspectImage> | undefined;
  const tookMs = cpuTimeMs(() => {
    found = inspectImage(file);
  });
  expect(tookMs).toBeLessThan(MOST_CPU_MS);
  return found;
}

describe('a hostile file', () => {
  it.each(Object.entries(NO_FILE))('is refused in time: %s', (_, file) => {
    expect(inspectInTime(file())).not.toMatchObject({ kind: 'image' });
  });

  it.each(Object.entries(FILES))('is read in time: %s', (_, file) => {
    expect(inspectInTime(file())).toMatchObject({ kind: 'image', facts: { width: 9, height: 5 } });
  });

  it('cannot make a size that no format can store', () => {
    const huge = make.png(2 ** 31 - 1, 2 ** 31 - 1);
    expect(inspectImage(huge)).toMatchObject({
      facts: { width: 2 ** 31 - 1, height: 2 ** 31 - 1 },
    });
    const endless = Buffer.from('<svg width="99999999999" height="5"/>');
    expect(inspectImage(endless)).toMatchObject({ kind: 'corrupt', detail: 'it has no pixels' });
  });
});
