import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Run } from '../../core/model/run.ts';
import { tellStoreFault } from './store-faults.ts';

/** What frees itself when other files are closed. */
const PASSING: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'EINTR', 'EBUSY']);

/**
 * Writes a file that is named after its content. Written once and in place: a temporary file for each
 * makes every later creation dearer on ext4. One that a killed worker left short is written anew, since
 * its target was never settled. Synchronous: a picture goes to the page cache in less time than a thread
 * hop takes. @throws what the system says; whoever watches the run is told, too
 */
export function writeOnce({ runId }: Run, path: string, bytes: Uint8Array): void {
  try {
    writeInFolder(path, bytes);
  } catch (error) {
    // It is thrown, so the queue brings the task again; a full disk does not pass by waiting.
    const code = codeOf(error);
    if (code !== undefined && !PASSING.has(code)) tellStoreFault({ runId, path, code });
    throw error;
  }
}

function writeInFolder(path: string, bytes: Uint8Array): void {
  try {
    write(path, bytes);
  } catch (error) {
    // The first file of its folder, or somebody removed the folder since.
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    write(path, bytes);
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

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
