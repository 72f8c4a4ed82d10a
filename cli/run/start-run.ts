import type { Run, RunSettings, SeedList } from '../../core/model/run.ts';
import { FIRST_CHECKPOINT } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import type { Crawler } from '../deployment/crawler.ts';
import type { ListFile } from '../sources/list-file.ts';

/** Keeps the lists, then the run, and only then wakes the seeder: a run that is known is complete. */
export async function startRun(
  crawler: Crawler,
  runId: string,
  settings: RunSettings,
  lists: readonly ListFile[],
): Promise<void> {
  if (settings.imageWork !== undefined && !crawler.imageWork)
    throw new CommandError(
      'the workers of this stack cannot work on images: deploy it with the setting imageWork',
    );
  const kept: SeedList[] = [];
  for (const list of lists) kept.push(await keepSeedList(crawler, runId, kept.length, 0, list));
  const run: Run = {
    runId,
    settings: { ...settings, maxCost: settings.maxCost ?? crawler.maxRunCost },
    grouping: crawler.grouping,
    lists: kept,
    startedMs: Date.now(),
    seeding: 'open',
    checkpoint: FIRST_CHECKPOINT,
    cancelled: false,
    superseded: {},
  };
  await crawler.archive.create(run);
  await crawler.seeder.start(runId);
}

/** A list where the seeder finds it. */
export async function keepSeedList(
  { keepList }: Pick<Crawler, 'keepList'>,
  runId: string,
  index: number,
  round: number,
  { path, ...list }: ListFile,
): Promise<SeedList> {
  return { ...list, round, location: await keepList(path, runId, index) };
}
