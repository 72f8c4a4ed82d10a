import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import type { ImageFacts } from '../../core/ports/images.ts';
import { mutate, randomOf } from './mutate.ts';
import { PICTURES, picture } from './pictures.ts';

const DRAWING = Buffer.from(
  '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><!-- c -->' +
    '<svg xmlns="http://www.w3.org/2000/svg" width="9cm" height="5" viewBox="0 0 9 5"><g/></svg>',
);

const FILES: readonly (readonly [name: string, file: Buffer])[] = [
  ...Object.keys(PICTURES).map((name) => [name, picture(name)] as const),
  ['a drawing', DRAWING],
  ['a drawing in UTF-16', Buffer.from(`\uFEFF${DRAWING}`, 'utf16le')],
];

const MUTANTS = 300_000;
const PER_FILE = Math.ceil(MUTANTS / FILES.length);

const isWhole = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

/** What may be said of a picture, whatever its file. */
function isSound({ width, height, frames = 2, orientation = 2 }: ImageFacts): boolean {
  const most = 2 ** 32 - 1;
  return (
    isWhole(width, 1, most) &&
    isWhole(height, 1, most) &&
    isWhole(frames, 2, most) &&
    isWhole(orientation, 2, 8)
  );
}

describe('thousands of mutants', () => {
  it.each(FILES)('are sound images, or none: %s', (name, file) => {
    const random = randomOf(0x5eed + file.length);
    const kinds = { image: 0, corrupt: 0, 'not-an-image': 0 };
    for (let n = 0; n < PER_FILE; n += 1) {
      const [, other = file] = FILES[random(FILES.length)] ?? [];
      const mutant = mutate(file, random, other);
      const found = inspectImage(mutant);
      kinds[found.kind] += 1;
      if (found.kind === 'image' && !isSound(found.facts))
        expect.fail(`${name}, mutant ${n}: ${JSON.stringify(found.facts)}`);
    }
    expect(kinds.image).toBeGreaterThan(0);
    expect(kinds.corrupt + kinds['not-an-image']).toBeGreaterThan(0);
  });
});
