import sharp from 'sharp';
import type { OnImage } from '../../core/ports/hooks.ts';

/** Bits per pixel of brightness below which a picture shows nothing. */
const BLANK_ENTROPY = 0.1;
/** Share of the brightness values that a drawing uses at most. */
const DRAWING_LEVELS = 0.35;

/** Labels what a picture is by its brightness: a photo has many values of it, a drawing few, a blank one. */
export const onImage: OnImage = async ({ bytes }) => {
  const grey = sharp(bytes).greyscale().resize(128, 128, { fit: 'fill', kernel: 'nearest' });
  const data = await grey.raw().toBuffer();
  const counts = new Map<number, number>();
  for (const value of data) counts.set(value, (counts.get(value) ?? 0) + 1);
  const entropy = [...counts.values()].reduce((sum, count) => {
    const share = count / data.length;
    return sum - share * Math.log2(share);
  }, 0);
  if (entropy < BLANK_ENTROPY) return { kind: 'skip', detail: 'a blank picture' };
  const label = counts.size / 256 < DRAWING_LEVELS ? 'drawing' : 'photo';
  return { kind: 'keep', extra: { label, entropy: Number(entropy.toFixed(3)) } };
};
