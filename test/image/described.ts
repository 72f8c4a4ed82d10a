import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../adapters/image/inspect-image.ts';

/** A file, the size that it has as `WIDTHxHEIGHT`, and what else is known of it. */
export type Whole = readonly [title: string, file: Uint8Array, size: string, more?: object];

/** A file, and what is said of its fault. */
export type Broken = readonly [title: string, file: Uint8Array, detail: string];

/** An inspection in few words. */
export function described(file: Uint8Array): object {
  const found = inspectImage(file);
  if (found.kind !== 'image') return found;
  const { format, width, height, ...more } = found.facts;
  return { format, size: `${width}x${height}`, ...more };
}

/** Files of a format that are whole, however odd, and others that are not. */
export function describeFormat(
  format: string,
  whole: readonly Whole[],
  broken: readonly Broken[] = [],
): void {
  describe(`a picture in ${format}`, () => {
    it.each(whole.map((one) => ({ title: one[0], one })))('$title', ({ one }) => {
      const [, file, size, more] = one;
      expect(described(file)).toEqual({ format, size, ...more });
    });
  });
  describe.runIf(broken.length > 0)(`a broken picture in ${format}`, () => {
    it.each(broken)('%s', (_, file, detail) => {
      expect(described(file)).toEqual({ kind: 'corrupt', format, detail });
    });
  });
}
