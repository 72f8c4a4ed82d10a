import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeDataSet } from '../../adapters/datasets/draft-folder.ts';
import { outputSettings } from '../../contract/run-settings.ts';
import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { shownPath } from '../options/folders.ts';
import { GALLERY_FOLDER } from '../report/gallery-pages.ts';

const { format, table } = outputSettings.shape;

/** The results, as lines and as any table. */
const RESULT_FILES = table.unwrap().options.map((kind) => `results.${kind}`);

/** What a run and its report write into its folder besides its images. */
const RUN_FILES = [...RESULT_FILES, 'unusable.jsonl', 'report.html', GALLERY_FOLDER];

/** Data sets have folders of their own, named after their formats. */
const FORMATS = format.unwrap().options;

/** Refuses a folder with the results of an earlier run. @throws CommandError */
export async function refuseResults(out: string, base: string): Promise<void> {
  for (const name of RUN_FILES) {
    const found = await stat(join(out, name)).catch(() => undefined);
    if (found !== undefined) throw taken(out, base, 'an earlier run');
  }
}

/** Refuses to resume a run into the folder of another one. @throws CommandError */
export async function refuseOthers(
  out: string,
  base: string,
  { settings, runId }: Run,
  runs: AsyncIterable<Run>,
): Promise<void> {
  if (settings.imagesFolder !== undefined && dirname(settings.imagesFolder) === out) return;
  for await (const other of runs) {
    if (other.runId !== runId && other.settings.imagesFolder === join(out, 'images'))
      throw taken(out, base, `run ${other.runId}`);
  }
}

/** Removes what an earlier run wrote there, but for its images. */
export async function removeResults(out: string): Promise<void> {
  for (const name of RUN_FILES) await rm(join(out, name), { recursive: true, force: true });
  for (const name of FORMATS) await removeDataSet(join(out, name));
}

function taken(out: string, base: string, whose: string): CommandError {
  return new CommandError(
    `--out: ${shownPath(out, base)} has the results of ${whose}: choose another folder, or add --overwrite`,
  );
}
