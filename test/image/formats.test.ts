import { imageSize } from 'image-size';
import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import { PICTURE_FORMATS, readPicture } from '../../cli/demo/pictures.ts';
import { PICTURES, picture, pictureNames } from './pictures.ts';

const ALL = Object.entries(PICTURES);
const DEMO = PICTURE_FORMATS.map((format, n) => [n, format] as const);

/** Two tools, two words. */
const SAME_FORMAT: Readonly<Record<string, string>> = { jpg: 'jpeg', 'jxl-stream': 'jxl' };

function sizeByAnother(bytes: Uint8Array) {
  const { type = '', width, height } = imageSize(bytes);
  return { format: SAME_FORMAT[type] ?? type, width, height };
}

/** Where image-size 2.1 is wrong, as the tools of the pictures' README confirm. */
const WRONG: Readonly<Record<string, string>> = {
  'arithmetic.jpg': 'stops at a frame header of arithmetic coding',
  'animated.avif': 'does not know the brand of sequences',
  'os2.bmp': 'reads the older header as the newer one',
  'still.heic': 'takes the fields of a crop for others',
  'thumbnail.heic': 'takes the fields of a crop for others',
  'turned.heic': 'takes the fields of a crop for others',
};

describe('a picture', () => {
  it('of each kind is expected by name', () => {
    expect(pictureNames().toSorted()).toEqual(Object.keys(PICTURES).toSorted());
  });

  it.each(ALL)('%s is known by its bytes', (name, facts) => {
    expect(inspectImage(picture(name))).toEqual({ kind: 'image', facts });
  });

  it.each(ALL)('%s is the same in a part of a larger buffer', (name, facts) => {
    const whole = new Uint8Array(
      Buffer.concat([Buffer.from('abc'), picture(name), Buffer.alloc(9)]),
    );
    const part = whole.subarray(3, whole.length - 9);
    expect(inspectImage(part)).toEqual({ kind: 'image', facts });
  });

  it.each(ALL.filter(([name]) => !Object.hasOwn(WRONG, name)))(
    '%s has the size that image-size finds',
    (name, { format, width, height }) => {
      expect(sizeByAnother(picture(name))).toEqual({ format, width, height });
    },
  );

  it.each(DEMO)('of the demo, %i.%s, is what image-size finds', async (n) => {
    const { bytes } = await readPicture(n);
    const found = inspectImage(bytes);
    expect(found).toMatchObject({ kind: 'image', facts: sizeByAnother(bytes) });
  });
});
