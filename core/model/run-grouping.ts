import type { Grouping } from './host-group.ts';
import type { Run } from './run.ts';

/** A run of a version which kept each result as an item of its own, or its tasks in the queue alone. */
export class OldLayoutError extends Error {
  override readonly name = 'OldLayoutError';
  constructor(runId: string) {
    super(
      `run ${runId} was begun by an older version, whose tasks and results are kept in another layout: ` +
        'use that version for it, or crawl its list again',
    );
  }
}

/** What tells the layout of a run. */
type LaidOut = Pick<Run, 'runId' | 'grouping' | 'windowSize' | 'checkpoint'>;

/** How the hosts of a run are put into groups, for its whole life. @throws OldLayoutError */
export function groupingOf(run: LaidOut): Grouping {
  const grouping = knownGrouping(run);
  if (grouping === undefined) throw new OldLayoutError(run.runId);
  return grouping;
}

/** Whether an older version began a run, in another layout. */
export function isOldLayout(run: LaidOut): boolean {
  return knownGrouping(run) === undefined;
}

/** Where a window was seeded without a size, its tasks are in the queue alone. */
function knownGrouping({ grouping, windowSize, checkpoint }: LaidOut): Grouping | undefined {
  const isInQueue = checkpoint.window > 0 && windowSize === undefined;
  return isInQueue ? undefined : grouping;
}
