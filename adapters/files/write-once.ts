import { copyFileSync, linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Run } from '../../core/model/run.ts';
import { tellStoreFault } from './store-faults.ts';

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

/** The folder of a run's images. @throws Error where the run names none */
export function imagesFolderOf({ runId, settings: { imagesFolder } }: Run): string {
  if (imagesFolder === undefined) throw new Error(`run ${runId} names no folder for images`);
  return imagesFolder;
}

/**
 * Writes a file that is named after its content. Written once and in place: a temporary file for each
 * makes every later creation dearer on ext4. One that a killed worker left short is written again, since
 * its target was never settled. Synchronous: a picture goes to the page cache in less time than a thread
 * hop takes. @throws what the system says; whoever watches the run is told, too
 */
export function writeOnce(run: Run, path: string, bytes: Uint8Array): void {
  try {
    inFolder(path, () => write(path, bytes));
  } catch (error) {
    throw told(error, run, path);
  }
}

/** Gives a file one more name, or copies it; does nothing where it is gone. @throws as `writeOnce` does */
export function linkOnce(run: Run, from: string, path: string): void {
  try {
    inFolder(path, () => link(from, path));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw told(error, run, path);
  }
}

/** It is thrown, so the queue brings the task again; a full disk does not pass by waiting. */
function told(error: unknown, { runId }: Run, path: string): unknown {
  const code = codeOf(error);
  if (code !== undefined && !PASSING.has(code)) tellStoreFault({ runId, path, code });
  return error;
}

function inFolder(path: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    // The first file of its folder, or somebody removed the folder since.
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    make();
  }
}

function write(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (statSync(path).size !== bytes.byteLength) writeFileSync(path, bytes);
  }
}

function link(from: string, path: string): void {
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
