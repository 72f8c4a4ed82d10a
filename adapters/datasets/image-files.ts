import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MissingImageError, type ReadImage } from './read-images.ts';

/** Images that are files: `imagesFolder` is the folder that a run keeps them in. */
export function imagesInFolder(imagesFolder: string): ReadImage {
  const base = dirname(imagesFolder);
  return async ({ file }) => {
    const path = join(base, file);
    try {
      return await readFile(path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        throw new MissingImageError(path);
      throw error;
    }
  };
}
