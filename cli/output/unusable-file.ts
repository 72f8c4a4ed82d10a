import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Run } from '../../core/model/run.ts';
import type { SeedSource } from '../../core/ports/seed-source.ts';
import { inChunks } from './in-chunks.ts';
import { unusableLines } from './unusable-lines.ts';

/**
 * Writes `unusable.jsonl` into a folder, whole or not at all; gives its path. Undefined where all
 * lines are usable: one of an earlier run is removed then. Throws when a list is gone.
 */
export async function writeUnusableFile(
  run: Run,
  source: SeedSource,
  out: string,
): Promise<string | undefined> {
  const path = join(out, 'unusable.jsonl');
  if (run.checkpoint.badLines === 0) {
    await rm(path, { force: true });
    return undefined;
  }
  const draft = `${path}.part`;
  try {
    const lines = inChunks(unusableLines(run, source));
    await pipeline(Readable.from(lines), createWriteStream(draft));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return path;
}
