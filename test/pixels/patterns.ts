import type { RgbPixels } from '../../adapters/pixels/pdq.ts';

/** Waves and noise, the same ones for the same seed. */
export function pattern(seed: number, width: number, height: number): RgbPixels {
  const data = new Uint8Array(3 * width * height);
  let state = seed;
  for (let at = 0; at < data.length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const column = Math.floor(at / 3) % width;
    const row = Math.floor(at / (3 * width));
    const wave =
      Math.sin((seed + 1) * 0.011 * column) * Math.cos((seed + 2) * 0.007 * row + (at % 3));
    data[at] = Math.round(127 + 80 * wave + (state % 40));
  }
  return { data, width, height };
}
