import { randomUUID } from 'node:crypto';
import { type Finished, finishRun } from '../../adapters/shards/finish-run.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { groupOfUrl } from '../../core/model/host-group.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { Run } from '../../core/model/run.ts';
import { groupingOf } from '../../core/model/run-grouping.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { findRun } from '../deployment/find-run.ts';
import { freeShards } from './free-shards.ts';

/** A worker lives for so long at most: what it began before the run had ended is done by then. */
const WORKER_LIFE_MS = 15 * 60_000;

/** Tidies and publishes the shards of a run that has ended. */
export function finishShards(
  opened: Pick<OpenArchive, 'archive' | 'live' | 'shards' | 'worksOn'>,
  run: Run,
): Promise<Finished> {
  const { archive, live, shards } = opened;
  const { runId } = run;
  const grouping = groupingOf(run);
  return finishRun(
    {
      runId,
      groupOf: (url) => groupOfUrl(url, grouping),
      graceMs: live ? WORKER_LIFE_MS : 0,
      async *results(): AsyncGenerator<SettledResult> {
        for await (const result of archive.results(run, 'succeeded')) yield { ...result, runId };
      },
    },
    {
      ...shards,
      clock: systemClock,
      newName: randomUUID,
      freeShards: (uris) => freeShards(uris, run, opened),
    },
  );
}

/** On this machine nobody else does it: the command that has seen the end of a run. */
export async function finishHere(opened: OpenArchive, runId: string): Promise<void> {
  const run = await findRun(opened.archive, runId);
  if (run.settings.imageStorage !== 'shards') return;
  if ((await opened.archive.progress(run)).ended) await finishShards(opened, run);
}
