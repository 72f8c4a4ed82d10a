import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import { PICTURES, picture } from './pictures.ts';

/** Bytes at the end that a picture does without, and what they are. */
const SPARE: Readonly<Record<string, readonly [bytes: number, what: string]>> = {
  '24-bit.bmp': [1, 'padding of the last row'],
  '8-bit.bmp': [3, 'padding of the last row'],
  'os2.bmp': [3, 'padding of the last row'],
  'three-pages.tiff': [12, 'padding behind the last page'],
  'animated.gif': [1, 'the trailer'],
  'still.gif': [1, 'the trailer'],
  'two-pictures.jpg': [871, 'the second picture'],
  'animated.jxl': [2093, 'all but the header: a bare codestream does not tell its length'],
  'bare.jxl': [664, 'all but the header: a bare codestream does not tell its length'],
  'small-header.jxl': [273, 'all but the header: a bare codestream does not tell its length'],
};

/** Lengths at which a part of a file passes for a whole one. */
const BY_CHANCE: Readonly<Record<string, readonly number[]>> = {
  // Right behind its first frame, and its second.
  'animated.gif': [2348, 4718],
};

const CASES = Object.entries(PICTURES).map(([name, { format }]) => {
  const [spare, what] = SPARE[name] ?? [0, 'nothing'];
  return { name, format, spare, what };
});

describe.each(CASES)('$name without its end', ({ name, spare, what }) => {
  it(`is no image, but for ${what}`, () => {
    const whole = picture(name);
    const lengths = Array.from({ length: whole.length }, (_, length) => length);
    const passed = lengths.filter((length) => {
      return inspectImage(whole.subarray(0, length)).kind === 'image';
    });
    expect(passed).toEqual([...(BY_CHANCE[name] ?? []), ...lengths.slice(whole.length - spare)]);
  });
});

describe('half a file', () => {
  it.each(CASES.filter(({ spare }) => spare < 100))(
    'of $name is a broken one of its format',
    ({ name, format }) => {
      const whole = picture(name);
      const half = inspectImage(whole.subarray(0, whole.length / 2));
      expect(half).toMatchObject({ kind: 'corrupt', format });
    },
  );
});

/** Formats whose structure goes on to the end of the file; in others zeros are pixels like any. */
const TO_THE_END = ['jpeg', 'png', 'gif', 'j2c', 'jp2'];

describe('a file with zeros in place of its second half', () => {
  it.each(CASES.filter(({ format, spare }) => TO_THE_END.includes(format) && spare <= 1))(
    'is a broken one: $name',
    ({ name, format }) => {
      const whole = picture(name);
      const found = inspectImage(whole.fill(0, Math.floor(whole.length / 2)));
      expect(found).toMatchObject({ kind: 'corrupt', format });
    },
  );
});
