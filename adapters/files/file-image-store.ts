import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf } from '../../contract/image-name.ts';
import type { Image, ImageStore } from '../../core/ports/images.ts';
import type { Run } from '../../core/run.ts';

/**
 * Images as plain files below the folder that the run names. Written once and in place: a
 * temporary file for each image makes every later creation dearer on ext4. A file that a killed
 * worker left short is written anew, since its target was never settled.
 */
export class FileImageStore implements ImageStore {
  readonly #folders = new Set<string>();

  /** Synchronous calls: a picture goes to the page cache in less time than a thread hop takes. */
  async put(run: Run, { bytes, sha256, format }: Image): Promise<string> {
    const root = run.settings.imagesFolder;
    if (root === undefined) throw new Error(`run ${run.runId} names no folder for images`);
    const name = fileNameOf(sha256, format);
    this.#ensureFolder(join(root, name, '..'));
    writeOnce(join(root, name), bytes);
    return `images/${name}`;
  }

  #ensureFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
  }
}

function writeOnce(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (statSync(path).size !== bytes.byteLength) writeFileSync(path, bytes);
  }
}
