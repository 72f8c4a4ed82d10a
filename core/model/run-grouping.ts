import type { Grouping } from '../hosts/host-group.ts';
import type { Run } from './run.ts';

/** A run that was begun by a version which kept each result as an item of its own. */
export class OldLayoutError extends Error {
  override readonly name = 'OldLayoutError';
  constructor(runId: string) {
    super(
      `run ${runId} was begun by an older version, whose results are kept in another layout: ` +
        'use that version for it, or crawl its list anew',
    );
  }
}

/** How the hosts of a run are put into groups, for its whole life. @throws OldLayoutError */
export function groupingOf({ runId, grouping }: Pick<Run, 'runId' | 'grouping'>): Grouping {
  if (grouping === undefined) throw new OldLayoutError(runId);
  return grouping;
}
