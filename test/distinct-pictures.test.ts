import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { imageSize } from 'image-size';
import { describe, expect, test } from 'vitest';
import { benchUrls } from '../bench/bench-urls.ts';
import { type DistinctPictures, distinctPictures } from '../bench/distinct-pictures.ts';
import { PICTURE_FORMATS, readPicture } from '../cli/demo/pictures.ts';

const COUNT = 600;
const pictures = await distinctPictures(COUNT);

function all(from: DistinctPictures) {
  return Array.from({ length: from.count }, (_, index) => from.at(index));
}

describe('distinct pictures', () => {
  test('all differ in path and bytes', () => {
    const made = all(pictures);
    expect(new Set(made.map(({ path }) => path)).size).toBe(COUNT);
    expect(new Set(made.map(({ bytes }) => hash('sha256', bytes))).size).toBe(COUNT);
  });

  test('have the format of their name and content type, and the size of the picture they are made of', async () => {
    const bases = await Promise.all(PICTURE_FORMATS.map((_, n) => readPicture(n)));
    all(pictures).forEach(({ path, contentType, bytes }, index) => {
      const base = bases[index % bases.length];
      const { type, width, height } = imageSize(bytes);
      expect(path).toBe(`/img/${String(index).padStart(6, '0')}.${type}`);
      expect(contentType).toBe(base?.contentType);
      expect({ width, height }).toEqual(pick(imageSize(base?.bytes ?? Buffer.alloc(0))));
    });
  });

  test('are 26 kB in the mean, and between 8 and 60', () => {
    const sizes = all(pictures).map(({ bytes }) => bytes.length);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / COUNT;
    expect(mean).toBeGreaterThan(24_000);
    expect(mean).toBeLessThan(28_000);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(8_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(60_000);
  });

  test('are the same for the same seed, and others for another', async () => {
    const [again, other] = [await distinctPictures(COUNT), await distinctPictures(COUNT, 2)];
    for (const index of [0, 1, 299, COUNT - 1]) {
      expect(again.at(index).bytes.equals(pictures.at(index).bytes)).toBe(true);
      expect(other.at(index).bytes.equals(pictures.at(index).bytes)).toBe(false);
    }
  });

  test.each([-1, 0.5, COUNT, Number.NaN])('there is no picture at index %s', (index) => {
    expect(() => pictures.at(index)).toThrow(RangeError);
  });
});

/** The structure of each format, walked from start to end: nothing may be left over or missing. */
describe('a stamped picture is whole:', () => {
  const walks: Readonly<Record<string, (bytes: Buffer) => void>> = {
    jpg: expectJpeg,
    png: expectPng,
    gif: expectGif,
    webp: expectWebp,
    avif: expectAvif,
    svg: expectSvg,
  };

  test.each(Object.entries(walks))('%s', (format, walk) => {
    const made = all(pictures).filter(({ path }) => path.endsWith(`.${format}`));
    expect(made.length).toBeGreaterThan(40);
    for (const { bytes } of made) walk(bytes);
  });
});

function pick({ width, height }: { width: number; height: number }) {
  return { width, height };
}

function expectJpeg(bytes: Buffer): void {
  const markers: number[] = [];
  let at = 2;
  for (let marker = 0; marker !== 0xda; at += 2 + bytes.readUInt16BE(at + 2)) {
    expect(bytes[at]).toBe(0xff);
    marker = bytes.readUInt8(at + 1);
    markers.push(marker);
  }
  expect(markers.slice(0, 2)).toEqual([0xe0, 0xfe]);
  expect(bytes.readUInt16BE(bytes.length - 2)).toBe(0xffd9);
}

function expectPng(bytes: Buffer): void {
  const types: string[] = [];
  let at = 8;
  for (let length = 0; at < bytes.length; at += 12 + length) {
    length = bytes.readUInt32BE(at);
    types.push(bytes.toString('latin1', at + 4, at + 8));
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(
      crc32(bytes.subarray(at + 4, at + 8 + length)),
    );
  }
  expect(at).toBe(bytes.length);
  expect(types.slice(-2)).toEqual(['tEXt', 'IEND']);
}

function expectGif(bytes: Buffer): void {
  const comment = bytes.lastIndexOf(Buffer.from([0x21, 0xfe]));
  let at = comment + 2;
  while (bytes.readUInt8(at) !== 0) at += 1 + bytes.readUInt8(at);
  expect([bytes[at + 1], bytes.length]).toEqual([0x3b, at + 2]);
}

function expectWebp(bytes: Buffer): void {
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  const types: string[] = [];
  let at = 12;
  for (let length = 0; at < bytes.length; at += 8 + length + (length % 2)) {
    types.push(bytes.toString('latin1', at, at + 4));
    length = bytes.readUInt32LE(at + 4);
  }
  expect(at).toBe(bytes.length);
  expect(types).toEqual(['VP8X', 'VP8 ', 'NOTE']);
}

function expectAvif(bytes: Buffer): void {
  const types: string[] = [];
  let at = 0;
  for (let length = 0; at < bytes.length; at += length) {
    length = bytes.readUInt32BE(at);
    types.push(bytes.toString('latin1', at + 4, at + 8));
  }
  expect(at).toBe(bytes.length);
  expect(types.at(0)).toBe('ftyp');
  expect(types.at(-1)).toBe('free');
}

function expectSvg(bytes: Buffer): void {
  expect(bytes.toString()).toMatch(/^<svg [\s\S]*<\/svg>\s*<!-- [A-Za-z0-9 ]+ -->\n$/);
}

test('the URLs of the bench go round the hosts and name pictures that there are', () => {
  const urls = benchUrls(['http://a', 'http://b', 'http://c'], 20);
  expect(urls).toHaveLength(20);
  urls.forEach((url, index) => {
    expect(url).toBe(`http://${'abc'.charAt(index % 3)}${pictures.at(index).path}`);
  });
});
