import type { OpenArchive } from '../deployment/crawler.ts';
import { findRun } from '../deployment/find-run.ts';

/** On this machine nobody else does it: the command that has seen the end of a run. */
export async function finishHere(opened: OpenArchive, runId: string): Promise<void> {
  const run = await findRun(opened.archive, runId);
  if (run.settings.imageStorage === 'shards') await opened.finish(run);
}
