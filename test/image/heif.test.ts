import { describe, expect, it } from 'vitest';
import { big, box, bytes } from './build.ts';
import { described } from './described.ts';
import { picture } from './pictures.ts';

describe('a HEIF', () => {
  const ftyp = (...brands: readonly string[]) => box('ftyp', brands[0] ?? '', big(4, 0), ...brands);
  const LOCATIONS = box('iloc', big(4, 0), big(2, 0x4400, 0));
  const farAway = box('iloc', big(4, 0), big(2, 0x4400, 1), big(2, 1, 0, 1), big(4, 900, 9));
  const ispe = (width: number, height: number) => box('ispe', big(4, 0, width, height));
  /** Item 1 is a thumbnail, item 2 the picture; their properties are given by index. */
  const heif = (brands: readonly string[], ipco: Uint8Array, indexes: readonly number[]) =>
    bytes(
      ftyp(...brands),
      box(
        'meta',
        big(4, 0),
        box('pitm', big(4, 0), big(2, 2)),
        LOCATIONS,
        box(
          'iprp',
          box('ipco', ipco),
          box('ipma', big(4, 0, 2), big(2, 1), 1, 1, big(2, 2), indexes.length, ...indexes),
        ),
      ),
    );
  const sizes = bytes(ispe(320, 240), ispe(9, 5));

  it.each([
    [['avif', 'mif1', 'miaf'], 'avif'],
    [['mif1', 'avif'], 'avif'],
    [['avis', 'msf1'], 'avif'],
    [['heic', 'mif1'], 'heic'],
    [['mif1', 'heix'], 'heic'],
    [['mif1', 'miaf'], 'heif'],
    [['jpeg'], 'heif'],
    [['j2ki', 'isom'], 'heif'],
    [['avci'], 'heif'],
    [['vvic', 'mp42'], 'heif'],
  ])('with the brands %s is %s', (brands, format) => {
    expect(described(heif(brands, sizes, [2]))).toEqual({ format, size: '9x5' });
  });

  it('has the size of its primary item, whatever its thumbnail is', () => {
    expect(described(heif(['heic'], bytes(ispe(1, 1), ispe(640, 480)), [2]))).toMatchObject({
      size: '640x480',
    });
  });

  it('is as large as its crop', () => {
    const clap = (...of: readonly number[]) => box('clap', big(4, ...of, 0, 1, 0, 1));
    const cropped = (crop: Uint8Array) => described(heif(['heic'], bytes(sizes, crop), [2, 3]));
    expect(cropped(clap(16, 2, 4, 1))).toMatchObject({ size: '8x4' });
    expect(cropped(clap(10, 1, 4, 1))).toMatchObject({ size: '9x5' });
    expect(cropped(clap(8, 0, 4, 0))).toMatchObject({ size: '9x5' });
  });

  it('that is mirrored before it is turned is not the same as after', () => {
    const turns = bytes(sizes, box('imir', 0), box('irot', 1));
    expect(described(heif(['heic'], turns, [2, 4, 3]))).toMatchObject({ orientation: 5 });
    expect(described(heif(['heic'], turns, [2, 3, 4]))).toMatchObject({ orientation: 7 });
  });

  it('with a film beside a still picture has one frame', () => {
    const file = picture('animated.avif');
    expect(described(file)).toMatchObject({ frames: 3 });
    const text = file.toString('latin1').replaceAll('avis', 'avif').replaceAll('msf1', 'mif1');
    expect(described(Buffer.from(text, 'latin1'))).toEqual({ format: 'avif', size: '61x47' });
  });

  it('of a track alone has the size and the frames of the track', () => {
    const file = picture('animated.avif');
    file.write('skip', file.indexOf('meta'), 'latin1');
    expect(described(file)).toEqual({ format: 'avif', size: '61x47', frames: 3 });
  });

  it.each([
    // quarter turns to the left, then a mirror: EXIF's names for the same (JEITA CP-3451)
    [0, 0, 4],
    [1, 0, 5],
    [2, 0, 2],
    [3, 0, 7],
    [0, 1, 2],
    [1, 1, 7],
    [2, 1, 4],
    [3, 1, 5],
  ])('of HEIF, turned by %i and mirrored by %i, is %i in EXIF', (angle, axis, orientation) => {
    const file = picture('turned-mirrored.avif');
    file[file.indexOf('irot') + 4] = angle;
    file[file.indexOf('imir') + 4] = axis;
    expect(described(file)).toMatchObject({ orientation });
  });

  it.each([
    [1, 8],
    [2, 3],
    [3, 6],
  ])('of HEIF, turned by %i, is %i in EXIF', (angle, orientation) => {
    const file = picture('turned.avif');
    file[file.indexOf('irot') + 4] = angle;
    expect(described(file)).toMatchObject({ orientation });
  });

  it.each([
    [
      'without a primary item',
      bytes(ftyp('avif'), box('meta', big(4, 0), LOCATIONS)),
      'it has no primary picture',
    ],
    [
      'without locations',
      bytes(ftyp('avif'), box('meta', big(4, 0))),
      'it does not say where its picture is',
    ],
    ['without anything', ftyp('avif'), 'it has no primary picture'],
    ['whose primary item has no size', heif(['avif'], sizes, [3]), 'it has no primary picture'],
    ['of no width', heif(['avif'], bytes(ispe(9, 5), ispe(0, 5)), [2]), 'it has no pixels'],
    [
      'with a box shorter than its header',
      bytes(ftyp('avif'), big(4, 7), 'meta'),
      'a box is shorter than its header',
    ],
    [
      'with a long box shorter than its header',
      bytes(ftyp('avif'), big(4, 1), 'meta', big(8, 15)),
      'a box is shorter than its header',
    ],
    [
      'with a box longer than the file',
      bytes(ftyp('avif'), big(4, 1), 'meta', big(8, 2 ** 60)),
      'it ends too early',
    ],
    [
      'whose data lies behind its end',
      bytes(ftyp('avif'), box('meta', big(4, 0), farAway)),
      'it ends too early',
    ],
  ])('%s is broken', (_, file, detail) => {
    expect(described(file)).toEqual({ kind: 'corrupt', format: 'avif', detail });
  });
});
