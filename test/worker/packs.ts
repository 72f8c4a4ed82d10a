import { groupOfUrl } from '../../core/model/host-group.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { ResultLedger, ResultPack } from '../../core/ports/ledger.ts';
import { GroupHold } from '../../core/worker/group-hold.ts';
import { GROUPING } from './records.ts';

/** Results in the packs of a hold of each of their groups, none of which is kept yet. */
export async function packsOf(
  ledger: ResultLedger,
  results: readonly SettledResult[],
): Promise<readonly ResultPack[]> {
  const groups = Map.groupBy(results, ({ runId, url }) => `${runId} ${groupOfUrl(url, GROUPING)}`);
  return Promise.all(
    [...groups].map(async ([name, some]) => {
      const [runId = '', group = ''] = name.split(' ');
      const { hold } = await ledger.enter(runId, group);
      return { runId, group, hold, part: 0, results: some };
    }),
  );
}

/** Keeps results, each in the log of its group. */
export async function settleAll(
  ledger: ResultLedger,
  results: readonly SettledResult[],
): Promise<void> {
  await ledger.settle(await packsOf(ledger, results));
}

/** What a worker that enters the group of a URL knows of it. */
export async function knownOf(ledger: ResultLedger, runId: string, url: string) {
  const hold = await enter(ledger, runId, url);
  return hold.find(url);
}

/** The group of a URL, entered. */
export async function enter(ledger: ResultLedger, runId: string, url: string): Promise<GroupHold> {
  const group = groupOfUrl(url, GROUPING);
  const hold = new GroupHold(runId, group);
  hold.learn(await ledger.enter(runId, group));
  return hold;
}
