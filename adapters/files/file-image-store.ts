import { copyFileSync, linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileNameOf } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type {
  EarlierImages,
  ImagePlace,
  ImageStore,
  KeptBytes,
  KeptPicture,
  StoredImage,
} from '../../core/ports/images.ts';
import { tellStoreFault } from './store-faults.ts';

/**
 * Images as plain files below the folder that the run names. Written once and in place: a
 * temporary file for each image makes every later creation dearer on ext4. A file that a killed
 * worker left short is written anew, since its target was never settled. A picture that an earlier
 * run has is one more name of the same file: deleting one run leaves it to the other.
 */
export class FileImageStore implements ImageStore, EarlierImages {
  /** Synchronous calls: a picture goes to the page cache in less time than a thread hop takes. */
  async put(run: Run, image: KeptBytes, roots: readonly string[] = []): Promise<StoredImage> {
    const { bytes, sha256, format } = image;
    const picture = { sha256, format, bytes: bytes.byteLength };
    const root = roots.find((one) => isIn(one, picture));
    if (root !== undefined && this.#link(run, picture, root)) return placeOf(picture);
    const path = pathIn(folderOf(run), picture);
    try {
      inFolder(path, () => writeOnce(path, bytes));
    } catch (error) {
      throw told(error, run, path);
    }
    return placeOf(picture);
  }

  /** Runs keep their images apart. */
  rootOf(run: Run): string {
    return folderOf(run);
  }

  holds(_run: Run, picture: KeptPicture, root: string): boolean {
    return isIn(root, picture);
  }

  /** Its size is looked at once, under its new name: a short one is written anew by who downloads it. */
  async adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined> {
    return this.#link(run, picture, root) ? placeOf(picture) : undefined;
  }

  /** False where it went away a moment ago. */
  #link(run: Run, picture: KeptPicture, root: string): boolean {
    const from = pathIn(root, picture);
    const path = pathIn(folderOf(run), picture);
    try {
      if (path !== from) inFolder(path, () => linkOnce(from, path));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw told(error, run, path);
    }
    return isIn(folderOf(run), picture);
  }
}

/** It is thrown, so the queue brings the task again; a full disk does not pass by waiting. */
function told(error: unknown, { runId }: Run, path: string): unknown {
  const code = codeOf(error);
  if (code !== undefined && !PASSING.has(code)) tellStoreFault({ runId, path, code });
  return error;
}

/** What frees itself when other files are closed. */
const PASSING: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'EINTR', 'EBUSY']);

/** What a file system says that cannot give a file another name, or not one more. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

function folderOf({ runId, settings: { imagesFolder } }: Run): string {
  if (imagesFolder === undefined) throw new Error(`run ${runId} names no folder for images`);
  return imagesFolder;
}

function placeOf({ sha256, format }: KeptPicture): ImagePlace {
  return { file: `images/${fileNameOf(sha256, format)}` };
}

function isIn(folder: string, { bytes, ...picture }: KeptPicture): boolean {
  return statSync(pathIn(folder, picture), { throwIfNoEntry: false })?.size === bytes;
}

function pathIn(folder: string, { sha256, format }: Omit<KeptPicture, 'bytes'>): string {
  return `${folder}/${fileNameOf(sha256, format)}`;
}

function inFolder(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    // The first image of its folder, or somebody removed the folder since.
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    write();
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

function linkOnce(from: string, path: string): void {
  try {
    linkSync(from, path);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'EEXIST') return;
    if (!NO_LINKS.has(code)) throw error;
    copyFileSync(from, path);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
