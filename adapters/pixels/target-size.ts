import type { ResizeMode } from '../../core/model/image-settings.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How an image is scaled, and what is cut out of it or put around it then. */
export interface Resizing {
  readonly scaled: Size;
  /** The side that is scaled to a whole number of pixels; the other one follows, as near as can be. */
  readonly by: keyof Size;
  /** The canvas; it is the scaled size where nothing is cut or added. */
  readonly final: Size;
}

/** How `mode` brings an upright image to `side` pixels; enlarges it only with `upscale`. */
export function resizingOf(from: Size, side: number, mode: ResizeMode, upscale: boolean): Resizing {
  const isByShorter = mode === 'keep-ratio' || mode === 'center-crop';
  const by = from.width <= from.height === isByShorter ? 'width' : 'height';
  const measure = from[by];
  const factor = upscale ? side / measure : Math.min(1, side / measure);
  const scaled = { width: scale(from.width, factor), height: scale(from.height, factor) };
  switch (mode) {
    case 'border':
      return { scaled, by, final: { width: side, height: side } };
    case 'center-crop':
      return {
        scaled,
        by,
        final: { width: Math.min(side, scaled.width), height: Math.min(side, scaled.height) },
      };
    case 'keep-ratio':
    case 'keep-ratio-largest':
      return { scaled, by, final: scaled };
  }
}

/** Whether the image stays as it is. */
export function isSame({ width, height }: Size, { scaled, final }: Resizing): boolean {
  return [scaled, final].every((size) => size.width === width && size.height === height);
}

function scale(pixels: number, factor: number): number {
  return Math.max(1, Math.round(pixels * factor));
}
