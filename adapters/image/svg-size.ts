import type { Shape } from './image-format.ts';

/** Pixels of a unit (CSS Values 4, section 6.2); em and ex as with a font of 16 pixels. */
const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '': 1,
    px: 1,
    in: 96,
    cm: 96 / 2.54,
    mm: 96 / 25.4,
    q: 96 / 101.6,
    pt: 96 / 72,
    pc: 16,
    em: 16,
    rem: 16,
    ex: 8,
  }),
);

/** The size of what does not say its own (CSS Images 3, section 5.1: the default object size). */
const DEFAULT = { width: 300, height: 150 };

const LENGTH = /^\s*\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*([a-z]*)\s*$/i;

/**
 * Size of an SVG in pixels, as a browser lays it out on its own: width and height; what is missing of
 * them, or in percent, follows from the viewBox; without one it is 300 and 150.
 */
export function svgSize(attributes: ReadonlyMap<string, string>): Shape {
  const width = pixelsOf(attributes.get('width'));
  const height = pixelsOf(attributes.get('height'));
  if (width !== undefined && height !== undefined) return whole(width, height);
  const box = boxOf(attributes.get('viewBox'));
  if (box === undefined) return whole(width ?? DEFAULT.width, height ?? DEFAULT.height);
  if (width !== undefined) return whole(width, (width * box.height) / box.width);
  if (height !== undefined) return whole((height * box.width) / box.height, height);
  return whole(box.width, box.height);
}

function pixelsOf(text = ''): number | undefined {
  const [, digits, exponent = '', unit = ''] = LENGTH.exec(text) ?? [];
  const perUnit = UNITS.get(unit.toLowerCase());
  if (digits === undefined || perUnit === undefined) return undefined;
  return Number(`${digits}${exponent}`) * perUnit;
}

function boxOf(text = '') {
  const numbers = text
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , width = 0, height = 0] = numbers;
  const isBox = numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0;
  return isBox ? { width, height } : undefined;
}

/** A picture that is thinner than a pixel still has one; none at all means that it is not to be shown. */
function whole(width: number, height: number): Shape {
  const pixels = (side: number) => (side > 0 ? Math.max(1, Math.round(side)) : 0);
  return { width: pixels(width), height: pixels(height) };
}
