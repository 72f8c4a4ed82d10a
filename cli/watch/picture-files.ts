import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf } from '../../contract/image-name.ts';
import type { KeptPicture } from './picture-ring.ts';

/** A larger file is not served, in bytes; pages do not show it either. */
const MAX_BYTES = 10_000_000;

/** Reads a picture that the server knows; undefined when it is not there. */
export type OpenPicture = (picture: KeptPicture) => Promise<Uint8Array | undefined>;

/**
 * Pictures of a run's own folder. The name is made from the hash, never from what a client sent, and
 * a link instead of the file is not followed.
 */
export function picturesIn(folder: string): OpenPicture {
  return async ({ sha256, format }) => {
    const path = join(folder, fileNameOf(sha256, format));
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
    const file = await open(path, flags).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const stats = await file.stat();
      if (!stats.isFile() || stats.size > MAX_BYTES) return undefined;
      return await file.readFile(); // a stream of a small file costs several times as much
    } finally {
      await file.close();
    }
  };
}
