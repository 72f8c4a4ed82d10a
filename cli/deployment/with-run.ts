import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import type { OpenArchive } from './crawler.ts';
import { type Deployment, openArchive } from './deployment.ts';
import { findRun } from './find-run.ts';
import { refuseExpired } from './refuse-expired.ts';

/** Opens the run that a person named for the time of a job. @throws CommandError */
export async function withRun<T>(
  deployment: Deployment,
  text: string,
  job: (opened: OpenArchive, run: Run) => Promise<T>,
): Promise<T> {
  const opened = await openArchive(deployment);
  try {
    const run = await findRun(opened?.archive, text, opened?.resultDays);
    // With no archive there is no run to find: the line above has said so.
    if (opened === undefined) throw new CommandError(`no run ${text}`);
    refuseExpired(run, opened.resultDays, Date.now());
    return await job(opened, run);
  } finally {
    await opened?.close();
  }
}

/** Refuses to work on runs that another process of this machine works on. */
export function refuseLive({ live }: OpenArchive, deployment: Deployment): void {
  if (deployment.kind !== 'here' || !live) return;
  const message = `another crawl is working on ${deployment.dataDir}: wait for its end`;
  throw new CommandError(message, EXIT.couldNotEnd);
}
