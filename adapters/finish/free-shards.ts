import { basename } from 'node:path/posix';
import type { Run } from '../../core/model/run.ts';
import type { RunArchive } from '../aws/run-archive.ts';

/** What is asked of the runs of a deployment. */
export interface SharingRuns {
  /** Whether something works on a run, as far as that can be known. */
  worksOn(runId: string): boolean;
  readonly archive: Pick<RunArchive, 'markRemoved' | 'list' | 'hasEnded' | 'results'>;
}

/**
 * Which of these shards of a run may be removed: those that no result of another run refers to. A run
 * in progress may have taken a place that is not in its results yet: while there is one, none may.
 * Nor where time is over before all runs are looked at. First of all later runs are told that they are gone, so that none takes a place from now on.
 */
export async function freeShards(
  uris: readonly string[],
  run: Run,
  isLate: () => boolean,
  { archive, worksOn }: SharingRuns,
): Promise<readonly string[]> {
  const names = uris.map((uri) => basename(uri));
  await archive.markRemoved(run.runId, names);
  const free = new Set(uris);
  for await (const other of archive.list()) {
    // Runs without a grouping are older than shards.
    if (other.runId === run.runId || other.grouping === undefined) continue;
    if (mayShare([run], [other]).length === 0) continue;
    if (worksOn(other.runId) && !(await archive.hasEnded(other))) return [];
    for await (const { file = '' } of archive.results(other, 'succeeded', 'skipped'))
      free.delete(file);
    if (isLate()) return [];
  }
  return [...free];
}

/** Runs that may have the same images: those of the same folder, or of the same bucket. */
export function mayShare(gone: readonly Run[], others: readonly Run[]): readonly Run[] {
  const folders = new Set(gone.map(({ settings }) => settings.imagesFolder));
  return others.filter(({ settings }) => folders.has(settings.imagesFolder));
}
