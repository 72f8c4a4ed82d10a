import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileNameOf } from '../../contract/image-name.ts';
import type { Image, ImageStore } from '../../core/ports/images.ts';
import type { Run } from '../../core/run.ts';

/**
 * Images as plain files below the folder that the run names. Written once and in place: a
 * temporary file for each image makes every later creation dearer on ext4. A file that a killed
 * worker left short is written anew, since its target was never settled.
 */
export class FileImageStore implements ImageStore {
  /** Synchronous calls: a picture goes to the page cache in less time than a thread hop takes. */
  async put(run: Run, { bytes, sha256, format }: Image): Promise<string> {
    const root = run.settings.imagesFolder;
    if (root === undefined) throw new Error(`run ${run.runId} names no folder for images`);
    const name = fileNameOf(sha256, format);
    const path = `${root}/${name}`;
    try {
      writeOnce(path, bytes);
    } catch (error) {
      // The first image of its folder, or somebody removed the folder since.
      if (!hasCode(error, 'ENOENT')) throw error;
      mkdirSync(dirname(path), { recursive: true });
      writeOnce(path, bytes);
    }
    return `images/${name}`;
  }
}

function writeOnce(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx' });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    if (statSync(path).size !== bytes.byteLength) writeFileSync(path, bytes);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
