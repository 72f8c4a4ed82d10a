import { expect } from 'vitest';
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

/** A test of a whole file of that format, however odd. */
export function isOf(format: string) {
  return ([, file, size, more]: Whole) => {
    expect(described(file)).toEqual({ format, size, ...more });
  };
}

/** A test of a file of that format that is not whole. */
export function isBroken(format: string) {
  return ([, file, detail]: Broken) => {
    expect(described(file)).toEqual({ kind: 'corrupt', format, detail });
  };
}
