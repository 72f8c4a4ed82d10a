import { readdirSync, readFileSync } from 'node:fs';
import type { ImageFacts } from '../../core/ports/images.ts';

const FOLDER = new URL('pictures/', import.meta.url);

const shape = (format: string, more: Partial<ImageFacts> = {}): ImageFacts => {
  return { format, width: 61, height: 47, ...more };
};

/** What the pictures of the folder are, by the tools named in its README. */
export const PICTURES: Readonly<Record<string, ImageFacts>> = {
  'arithmetic.jpg': shape('jpeg'),
  'baseline.jpg': shape('jpeg'),
  'cmyk.jpg': shape('jpeg'),
  'grey.jpg': shape('jpeg'),
  'progressive.jpg': shape('jpeg'),
  'restarts.jpg': shape('jpeg'),
  'thumbnail.jpg': shape('jpeg', { orientation: 6 }),
  'turned.jpg': shape('jpeg', { orientation: 6 }),
  'two-pictures.jpg': shape('jpeg'),
  'animated.png': shape('png', { frames: 3 }),
  'bilevel.png': shape('png'),
  'grey-alpha.png': shape('png'),
  'palette.png': shape('png'),
  'truecolour.png': shape('png'),
  'turned.png': shape('png', { orientation: 6 }),
  'animated.gif': shape('gif', { frames: 3 }),
  'still.gif': shape('gif'),
  'alpha.webp': shape('webp'),
  'animated.webp': shape('webp', { frames: 3 }),
  'lossless.webp': shape('webp'),
  'lossy.webp': shape('webp'),
  'turned.webp': shape('webp', { orientation: 6 }),
  'alpha.avif': shape('avif'),
  'animated.avif': shape('avif', { frames: 3 }),
  'grid.avif': shape('avif', { width: 512, height: 512 }),
  'still.avif': shape('avif'),
  'turned-mirrored.avif': shape('avif', { orientation: 5 }),
  'turned.avif': shape('avif', { orientation: 6 }),
  'still.heic': shape('heic'),
  'thumbnail.heic': shape('heic', { width: 200, height: 150 }),
  'turned.heic': shape('heic', { orientation: 6 }),
  'animated.jxl': shape('jxl'),
  'bare.jxl': shape('jxl'),
  'container.jxl': shape('jxl'),
  'small-header.jxl': shape('jxl', { width: 512, height: 512 }),
  'bare.j2c': shape('j2c'),
  'still.jp2': shape('jp2'),
  '1-bit.bmp': shape('bmp'),
  '24-bit.bmp': shape('bmp'),
  '8-bit.bmp': shape('bmp'),
  'os2.bmp': shape('bmp'),
  'rle.bmp': shape('bmp'),
  'big-endian.tiff': shape('tiff'),
  'big-tiff.tiff': shape('tiff'),
  'little-endian.tiff': shape('tiff'),
  'strips.tiff': shape('tiff'),
  'three-pages.tiff': shape('tiff', { width: 30, height: 20, frames: 3 }),
  'tiles.tiff': shape('tiff'),
  'turned.tiff': shape('tiff', { orientation: 6 }),
  'icon.ico': shape('ico', { width: 32, height: 32 }),
  'large.ico': shape('ico', { width: 256, height: 256 }),
  'pointer.cur': shape('cur', { width: 32, height: 32 }),
};

/** Names of the pictures that are there. */
export function pictureNames(): readonly string[] {
  return readdirSync(FOLDER).filter((name) => name !== 'README.md');
}

/** A copy of a picture's bytes: tests may damage it. */
export function picture(name: string): Buffer {
  return readFileSync(new URL(name, FOLDER));
}
