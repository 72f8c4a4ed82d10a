import { rm, rmdir } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';

/** Folders above a file that may have become empty: that of its hash, and that of all images. */
const LEVELS = 2;

/** Deletes the files among these places, and the folders that are empty then; one that is gone is no error. */
export async function deleteFiles(places: Iterable<string>): Promise<void> {
  const folders = new Set<string>();
  for (const path of places) {
    if (!isAbsolute(path)) continue;
    await rm(path, { force: true });
    folders.add(dirname(path));
  }
  for (let level = 0, at = folders; level < LEVELS; level += 1) {
    const above = new Set<string>();
    for (const folder of at) if (await isRemoved(folder)) above.add(dirname(folder));
    at = above;
  }
}

async function isRemoved(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false, // not empty, or gone
  );
}
