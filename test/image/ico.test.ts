import { bytes, little, png } from './build.ts';
import { describeFormat } from './described.ts';

const icon = (kind: number, ...pictures: readonly Uint8Array[]) => {
  let at = 6 + 16 * pictures.length;
  const entries = pictures.map((one) => {
    const entry = bytes(0, 0, 0, 0, little(2, 1, 32), little(4, one.length, at));
    at += one.length;
    return entry;
  });
  return bytes(little(2, 0, kind, pictures.length), ...entries, ...pictures);
};

const iconBitmap = (side: number) =>
  bytes(little(4, 40, side, 2 * side), little(2, 1, 32), Buffer.alloc(24));

describeFormat(
  'ico',
  [
    ['of bitmaps, the largest first', icon(1, iconBitmap(48), iconBitmap(16)), '48x48'],
    ['of bitmaps, the largest last', icon(1, iconBitmap(16), iconBitmap(48)), '48x48'],
    ['of a PNG', icon(1, iconBitmap(16), png(256, 256)), '256x256'],
    ['of a PNG larger than its directory can say', icon(1, png(512, 512)), '512x512'],
  ],
  [
    [
      'whose pictures lie behind its end',
      icon(1, iconBitmap(16)).subarray(0, -1),
      'it ends too early',
    ],
    [
      'whose picture is its directory',
      bytes(little(2, 0, 1, 1), little(4, 0, 0, 22, 0)),
      'a picture lies in its directory',
    ],
    [
      'whose directory is cut',
      bytes(little(2, 0, 1, 9), icon(1, iconBitmap(16)).subarray(6)),
      'a picture lies in its directory',
    ],
    ['of no size', icon(1, iconBitmap(0)), 'it has no pixels'],
  ],
);

describeFormat('cur', [['of bitmaps', icon(2, iconBitmap(32), iconBitmap(16)), '32x32']]);
