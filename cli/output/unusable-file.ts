import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../core/model/run.ts';
import type { SeedSource } from '../../core/ports/seed-source.ts';
import { unusableLines } from './unusable-lines.ts';
import { writeTexts, writeWhole } from './write-whole.ts';

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
  await writeWhole(path, (draft) => writeTexts(draft, unusableLines(run, source)));
  return path;
}
