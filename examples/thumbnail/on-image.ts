import sharp from 'sharp';
import type { OnImage } from '../../core/ports/hooks.ts';

/** Stores a small WebP beside each image; `files.small` of its result tells where. */
export const onImage: OnImage = async ({ bytes }) => {
  const small = await sharp(bytes)
    .autoOrient()
    .resize({ width: 200, height: 200, fit: 'inside', withoutEnlargement: true })
    .webp()
    .toBuffer();
  return {
    kind: 'keep',
    files: { small: { bytes: small, ending: 'webp', contentType: 'image/webp' } },
  };
};
