import { expect, it } from 'vitest';
import { type ImageFiles, largestFiles, type Rank } from '../../../core/links/image-files.ts';
import { lazyName } from '../../../core/links/lazy-names.ts';
import { parseSrcset } from '../../../core/links/srcset.ts';

type Files = Partial<Record<Rank | 'other', string>> & Pick<ImageFiles, 'width'>;

function largest(srcset: string, { other, width, ...plain }: Files = {}): string {
  const ranks = ['small', 'usual', 'large', 'full'] as const;
  const files = ranks.flatMap((rank) =>
    plain[rank] === undefined ? [] : { url: plain[rank], rank },
  );
  const others = other === undefined ? [] : [{ url: other, rank: 'usual', isOther: true } as const];
  return largestFiles({ plain: [...files, ...others], sized: parseSrcset(srcset), width }).join(
    ' ',
  );
}

it.each<readonly [what: string, srcset: string, files: Files, expected: string]>([
  ['nothing', '', {}, ''],
  ['one', 'a', {}, 'a'],
  ['by density', 'a, b 2x, c 1.5x', {}, 'b'],
  ['by density below one', 'a 0.5x, b', {}, 'b'],
  ['by width', 'a 100w, b 300w, c 200w', {}, 'b'],
  ['a width before a density', 'a 9x, b 100w', {}, 'b'],
  ['the first of equal densities', 'a 2x, b 2x', {}, 'a'],
  ['the first of equal widths', 'a 100w, b 100w', {}, 'a'],
  ['src alone', '', { usual: 's' }, 's'],
  ['a width before a src of unknown width', 'a 100w', { usual: 's' }, 'a'],
  ['a larger src', 'a 100w, b 2048w', { usual: 's', width: 4000 }, 's'],
  ['a smaller src', 'a 100w, b 2048w', { usual: 's', width: 300 }, 'b'],
  ['src that is a candidate', 'a 100w, s 300w, b 200w', { usual: 's', width: 4000 }, 's'],
  ['src that is the smallest candidate', 's 100w, b 200w', { usual: 's', width: 4000 }, 'b'],
  ['densities of a width', 'a 2x', { usual: 's', width: 400 }, 'a'],
  ['a zoom', 'a 2048w', { usual: 's', full: 'z', width: 4000 }, 'z'],
  ['a large file', 'a 2048w', { large: 'l', usual: 's' }, 'l'],
  ['the full before the large file', '', { large: 'l', full: 'f' }, 'f'],
  ['a large file whose width is known', 'l 1024w, b 2048w', { large: 'l' }, 'b'],
  ['no preview', 'a', { small: 't' }, 'a'],
  ['a preview where nothing else is', '', { small: 't' }, 't'],
  ['another picture as well', 'a 1w, b 2w', { other: 'o', usual: 's' }, 'b o'],
  ['another picture alone', '', { other: 'o' }, 'o'],
])('the largest file of an image: %s', (_, srcset, files, expected) => {
  expect(largest(srcset, files)).toBe(expected);
});

it.each([
  ['data-zoom-image', 'full', false],
  ['data-orig-file', 'full', false],
  ['data-hi-res-src', 'full', false],
  ['zoomfile', 'full', false],
  ['data-large_image', 'large', false],
  ['data-src-large', 'large', false],
  ['data-src', 'usual', false],
  ['data-original', 'usual', false],
  ['data-thumb', 'small', false],
  ['data-medium-file', 'small', false],
  ['lowsrc', 'small', false],
  ['data-bg', 'usual', true],
  ['data-hover-src', 'usual', true],
])('%s is of rank %s, another picture: %s', (attribute, rank, isOther) => {
  expect(lazyName(attribute)).toMatchObject({ rank, isOther });
});
