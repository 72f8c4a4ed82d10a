import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../core/model/run.ts';
import type { SeedSource } from '../../core/ports/seed-source.ts';
import { type UnusableLine, unusableJson, unusableLines } from './unusable-lines.ts';
import { writeTexts, writeWhole } from './write-whole.ts';

/** Most lines that are told where no person has to scroll: in a log. */
const MAX_TOLD = 100;

/** A file of the lines that gave no URL. */
export interface UnusableFile {
  readonly path: string;
  /** The first of them, each for a person. */
  readonly told: readonly string[];
}

/**
 * Writes `unusable.jsonl` into a folder, whole or not at all. Undefined where all lines are usable:
 * one of an earlier run is removed then. Throws when a list is gone.
 */
export async function writeUnusableFile(
  run: Run,
  source: SeedSource,
  out: string,
): Promise<UnusableFile | undefined> {
  const path = join(out, 'unusable.jsonl');
  if (run.checkpoint.badLines === 0) {
    await rm(path, { force: true });
    return undefined;
  }
  const told: string[] = [];
  const lines = noted(unusableLines(run, source), (line) => {
    if (told.length < MAX_TOLD) told.push(line.told);
  });
  await writeWhole(path, (draft) => writeTexts(draft, unusableJson(lines)));
  return { path, told };
}

async function* noted(
  lines: AsyncIterable<UnusableLine>,
  note: (line: UnusableLine) => void,
): AsyncGenerator<UnusableLine> {
  for await (const line of lines) {
    note(line);
    yield line;
  }
}
