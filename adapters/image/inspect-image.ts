import { imageSize } from 'image-size';
import type { ImageFacts } from '../../core/ports/images.ts';

/** Names that differ from the ones image-size uses. */
const FORMATS: Readonly<Record<string, string>> = { jpg: 'jpeg' };

/** Format and dimensions off the bytes; undefined when they are no image, or a broken one. */
export function inspectImage(bytes: Uint8Array): ImageFacts | undefined {
  try {
    const { type, width, height } = imageSize(bytes);
    if (type === undefined) return undefined;
    return { format: FORMATS[type] ?? type, width, height };
  } catch {
    return undefined;
  }
}
