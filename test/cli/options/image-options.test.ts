import { describe, expect, it } from 'vitest';
import { readImages } from '../../../cli/options/image-options.ts';

/** What is read, or the problems. */
function read(typed: Parameters<typeof readImages>[0]) {
  const problems: string[] = [];
  const parts = readImages(typed, problems);
  return problems.length > 0 ? problems : parts;
}

describe('flags for images', () => {
  it('ask for nothing when none is typed', () => {
    expect(read({})).toEqual({});
  });

  it('have defaults once one is typed', () => {
    expect(read({ resize: '256' })).toEqual({
      imageWork: {
        resize: 256,
        resizeMode: 'keep-ratio-largest',
        upscale: false,
        encode: 'same',
        firstFrame: false,
        keepProfile: false,
        pdq: false,
        exif: false,
      },
    });
  });

  it('are filters and need no image work', () => {
    const filters = read({ maxAspect: '2.5', formats: 'JPG, png,jpeg' });
    expect(filters).toEqual({ maxAspect: 2.5, formats: ['jpeg', 'png'] });
  });

  it.each([
    [{ resize: '0' }, '--resize: expected a whole number from 1 to 16384, got "0"'],
    [{ encode: 'jpeg', quality: '101' }, '--quality: expected a whole number from 1 to 100'],
    [{ encode: 'png', quality: '90' }, '--quality: png has none'],
    [{ thumbnails: '4' }, '--thumbnails: expected a whole number from 16 to 2048'],
    [{ resizeMode: 'border' }, '--resize-mode needs --resize'],
    [{ upscale: true }, '--upscale needs --resize'],
    [{ maxAspect: '0.5' }, '--max-aspect: expected a number from 1, or 0 for no limit'],
    [{ formats: 'jpeg,exe' }, '--formats: expected names out of jpeg, png'],
  ] as const)('of %j are refused', (typed, problem) => {
    expect(read(typed)).toEqual([expect.stringContaining(problem)]);
  });
});
