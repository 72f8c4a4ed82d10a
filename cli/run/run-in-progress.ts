import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { findRun } from '../deployment/find-run.ts';

/** Runs that are looked at, the newest first: older ones are rarely still in progress. */
const NEWEST = 20;

/** The run that a person named, otherwise the only one in progress. @throws CommandError */
export async function namedRun(opened: OpenArchive, text: string | undefined): Promise<Run> {
  if (text !== undefined) return findRun(opened.archive, text);
  const [first, second] = await inProgress(opened);
  if (first === undefined) throw new CommandError('no run is in progress: name one with --run');
  if (second === undefined) return first;
  const { runId } = first;
  throw new CommandError(
    `more than one run is in progress, ${runId} and ${second.runId} among them: name one with --run`,
  );
}

async function inProgress({ archive, worksOn }: OpenArchive): Promise<readonly Run[]> {
  const found: Run[] = [];
  let looked = 0;
  for await (const run of archive.list()) {
    looked += 1;
    if (worksOn(run.runId) && !(await archive.hasEnded(run))) found.push(run);
    if (looked === NEWEST || found.length === 2) break;
  }
  return found;
}
