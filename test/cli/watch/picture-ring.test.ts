import { expect, test } from 'vitest';
import { PictureRing } from '../../../cli/watch/picture-ring.ts';
import type { ResultBody } from '../../../contract/items.ts';
import { aResult } from '../records.ts';

function aPicture(n: number, fields: Partial<ResultBody> = {}) {
  const sha256 = n.toString(16).padStart(64, '0');
  return aResult({
    url: `http://h/${n}.png`,
    format: 'png',
    width: 3,
    height: 4,
    bytes: 500,
    sha256,
    file: 'images/x.png',
    ...fields,
  });
}

test('pictures are paged through from the newest on, each once', () => {
  const ring = new PictureRing();
  for (let n = 0; n < 10; n += 1) ring.offer(aPicture(n));
  ring.offer(aPicture(0));
  const captions = (page: number) => ring.page(page, 4).map(({ caption }) => caption);
  expect(captions(0)).toEqual(['9.png', '8.png', '7.png', '6.png']);
  expect(captions(2)).toEqual(['1.png', '0.png']);
  expect(captions(3)).toEqual([]);
  expect(captions(1e9)).toEqual([]);
});

test('the oldest are forgotten', () => {
  const ring = new PictureRing(3);
  for (let n = 0; n < 5; n += 1) ring.offer(aPicture(n));
  expect(ring.size).toBe(3);
  expect(ring.get('0'.repeat(64))).toBeUndefined();
  expect(ring.get('4'.padStart(64, '0'))?.format).toBe('png');
});

test.each([
  ['no file', { file: undefined }],
  ['no picture', { format: undefined }],
  ['a failure', { status: 'failed', reason: 'timeout' }],
  ['a hash that is a path', { sha256: '../../../../etc/passwd' }],
] as const)('%s is not kept', (_, fields) => {
  const ring = new PictureRing();
  ring.offer(aPicture(1, fields));
  expect(ring.size).toBe(0);
});

test.each([
  [{}, true],
  [{ format: 'tiff' }, false],
  [{ width: 100_000, height: 100_000 }, false],
  [{ bytes: 60_000_000 }, false],
])('a browser is given %j: %s', (fields, isShown) => {
  const ring = new PictureRing();
  ring.offer(aPicture(1, fields));
  expect(ring.page(0, 1)[0]?.isShown).toBe(isShown);
});
