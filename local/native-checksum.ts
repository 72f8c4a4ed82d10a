import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';

/**
 * Makes dynalite sum up its answers (`x-amz-crc32`) with zlib: by itself it goes from byte to byte,
 * 2 % of what a crawl costs its thread. Call it before dynalite is used.
 */
export function checksumNatively(): void {
  const require = createRequire(import.meta.url);
  const checksum: { unsigned: (text: string) => number } = createRequire(
    require.resolve('dynalite'),
  )('buffer-crc32');
  checksum.unsigned = (text) => crc32(text);
}
