import { groupNames } from '../../core/model/host-group.ts';
import type { Run } from '../../core/model/run.ts';
import { groupingOf } from '../../core/model/run-grouping.ts';
import type { Table } from '../aws/get-items.ts';
import { readGroupLines } from '../aws/run-archive-lines.ts';
import { enteredGroups } from '../aws/run-archive-results.ts';
import { readGroupSizes, readProgress } from '../aws/run-archive-sums.ts';
import type { GroupSize } from './ended-run.ts';
import type { InvocationPorts } from './finish-invocation.ts';

/** How finishing reads a run in the table; younger shards stay although nothing refers to them. */
export function readingFrom(
  table: Table,
  graceMs: number,
): Pick<InvocationPorts, 'hasEnded' | 'readEnded'> {
  return {
    hasEnded: async (run) => (await readProgress(table, run)).ended,
    readEnded: async (run) => {
      const { runId } = run;
      const linesOf = (group: string) =>
        readGroupLines({ ...table, runId }, group, run.settings.pages !== undefined);
      return { runId, graceMs, linesOf, groups: await groupSizes(table, run) };
    },
  };
}

/** The groups that have anything, in the order of their names. @throws OldLayoutError */
async function groupSizes(table: Table, run: Run): Promise<readonly GroupSize[]> {
  const { runId, settings } = run;
  const all = groupNames(groupingOf(run));
  const entered = await enteredGroups({ ...table, runId }, all);
  // What was left out of a page crawl is in groups that nobody entered, too.
  const groups = settings.pages === undefined ? entered : all;
  return readGroupSizes(table, runId, groups);
}
