import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import type { ImageSettings } from '../../core/model/image-settings.ts';
import type { ImageToWork } from '../../core/ports/image-work.ts';
import { bytes, chunk, PNG_SIGNATURE, pngHeader } from '../image/build.ts';
import { pattern } from './patterns.ts';

/** Settings that ask for nothing. */
export const NOTHING: ImageSettings = {
  resizeMode: 'keep-ratio-largest',
  upscale: false,
  encode: 'same',
  firstFrame: false,
  keepProfile: false,
  pdq: false,
  exif: false,
};

/** A picture of waves, not written yet. */
export function picture(width: number, height: number, seed = 1) {
  const { data } = pattern(seed, width, height);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** An image to work on, as the worker would ask for it. */
export function toWork(bytes: Uint8Array, settings: Partial<ImageSettings>): ImageToWork {
  const seen = inspectImage(bytes);
  const unknown = { format: 'unknown', width: 1, height: 1 };
  return {
    bytes,
    facts: seen.kind === 'image' ? seen.facts : unknown,
    settings: { ...NOTHING, ...settings },
    maxPixels: 250_000_000,
  };
}

/** A PNG of one bit a pixel: its head promises a size, of which a megabyte is there. */
export function blackPng(width: number, height: number): Buffer {
  const rows = deflateSync(Buffer.alloc(1_000_000));
  return bytes(PNG_SIGNATURE, pngHeader(width, height, 1), chunk('IDAT', rows), chunk('IEND'));
}

/** An animation whose frames are one pixel each. */
export function flicker(frames: number, width: number, height: number): Buffer {
  const screen = Buffer.alloc(7);
  screen.writeUInt16LE(width, 0);
  screen.writeUInt16LE(height, 2);
  screen[4] = 0x80;
  const frame = Buffer.from(
    '21f90400000000002c00000000010001000002024401 00'.replaceAll(' ', ''),
    'hex',
  );
  return Buffer.concat([
    Buffer.from('GIF89a'),
    screen,
    Buffer.from([0, 0, 0, 255, 255, 255]),
    ...Array.from({ length: frames }, () => frame),
    Buffer.from([0x3b]),
  ]);
}

/** An SVG of 100 by 100 pixels. */
export function svgOf(body: string, prolog = ''): Buffer {
  const root = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">';
  return Buffer.from(`<?xml version="1.0"?>${prolog}${root}${body}</svg>`);
}
