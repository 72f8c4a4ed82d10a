import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileNameOf } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type { ImageStore, KeptBytes } from '../../core/ports/images.ts';
import { tellStoreFault } from './store-faults.ts';

/**
 * Images as plain files below the folder that the run names. Written once and in place: a
 * temporary file for each image makes every later creation dearer on ext4. A file that a killed
 * worker left short is written anew, since its target was never settled.
 */
export class FileImageStore implements ImageStore {
  /** Synchronous calls: a picture goes to the page cache in less time than a thread hop takes. */
  async put(run: Run, { bytes, sha256, format }: KeptBytes): Promise<string> {
    const root = run.settings.imagesFolder;
    if (root === undefined) throw new Error(`run ${run.runId} names no folder for images`);
    const name = fileNameOf(sha256, format);
    const path = `${root}/${name}`;
    try {
      writeInFolder(path, bytes);
    } catch (error) {
      // It is thrown, so the queue brings the task again; a full disk does not pass by waiting.
      const code = codeOf(error);
      if (code !== undefined && !PASSING.has(code))
        tellStoreFault({ runId: run.runId, path, code });
      throw error;
    }
    return `images/${name}`;
  }
}

/** What frees itself when other files are closed. */
const PASSING: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'EINTR', 'EBUSY']);

function writeInFolder(path: string, bytes: Uint8Array): void {
  try {
    writeOnce(path, bytes);
  } catch (error) {
    // The first image of its folder, or somebody removed the folder since.
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    writeOnce(path, bytes);
  }
}

function writeOnce(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (statSync(path).size !== bytes.byteLength) writeFileSync(path, bytes);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
