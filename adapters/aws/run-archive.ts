import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { ResultBody } from '../../contract/items.ts';
import type { KeptFault } from '../../contract/kept-fault.ts';
import { runKey } from '../../contract/table-keys.ts';
import { groupNames, groupOfUrl } from '../../core/model/host-group.ts';
import type { HostOrder } from '../../core/model/host-order.ts';
import type { Reason, Status } from '../../core/model/outcome.ts';
import { addLeftOut, type RunProgress, type TaskSums } from '../../core/model/progress.ts';
import type { Run, SeedList } from '../../core/model/run.ts';
import { groupingOf } from '../../core/model/run-grouping.ts';
import { systemClock } from '../system-clock.ts';
import { DynamoFaults } from './dynamo-faults.ts';
import { DynamoRunLedger, putNewRun } from './dynamo-run-ledger.ts';
import { aliases, type Table } from './get-items.ts';
import { orderUpdates } from './order-updates.ts';
import {
  countLeftOut,
  findLeftOut,
  type PageRun,
  type ResultLine,
  readLines,
} from './run-archive-lines.ts';
import { enteredGroups, type RunPlace, readGroups } from './run-archive-results.ts';
import { readProgress, readSums } from './run-archive-sums.ts';
import { unlessChanged } from './run-changed-error.ts';
import { fieldsOfStart, type StartAgain } from './start-again.ts';
import { StopOrder } from './stop-order.ts';

/** Targets of a run by reason. */
export type ReasonCounts = Readonly<Partial<Record<Reason, number>>>;

/** What a person asks of runs and does to them, in the table of the stack. */
export class RunArchive {
  readonly #table: Table;
  readonly #runs: DynamoRunLedger;
  /** The order that all runs of the stack are to stop. */
  readonly stopOrder: StopOrder;

  constructor(dynamo: DynamoDBClient, name: string) {
    this.#table = { dynamo, name, clock: systemClock };
    this.#runs = new DynamoRunLedger(this.#table);
    this.stopOrder = new StopOrder(dynamo, name);
  }

  /** Keeps a new run. @throws RunChangedError when its id is taken */
  async create(run: Run): Promise<void> {
    await unlessChanged(run.runId, this.#table.dynamo.send(putNewRun(this.#table.name, run)));
  }

  read(runId: string): Promise<Run | undefined> {
    return this.#runs.read(runId);
  }

  /** All runs, newest first. */
  list(): AsyncIterable<Run> {
    return this.#runs.all();
  }

  /** The sums over a run's tasks; none of a run of an older layout. */
  sums(run: Run): Promise<TaskSums> {
    return readSums(this.#table, run);
  }

  /** How far a run has come; never `ended` too early. */
  async progress(run: Run): Promise<RunProgress> {
    const cost = await this.#runs.cost(run.runId);
    const progress = await readProgress(this.#table, run, cost);
    return progress.ended ? this.#withLeftOut(run, progress) : progress;
  }

  /** Whether a run has ended; never too early. Reads nothing of what was left out. */
  async hasEnded(run: Run): Promise<boolean> {
    return (await readProgress(this.#table, run)).ended;
  }

  /** What was left out is known when all is over: until then it may be found by another way. */
  async #withLeftOut(run: Run, progress: RunProgress): Promise<RunProgress> {
    if (run.settings.pages === undefined || run.grouping === undefined) return progress;
    return addLeftOut(progress, await countLeftOut(this.#pageRun(run)));
  }

  /**
   * The results so far, of these statuses or of all: group by group, one for each URL, in the memory
   * that the URLs of one group take. @throws OldLayoutError
   */
  async *results(run: Run, ...statuses: readonly Status[]): AsyncGenerator<ResultBody> {
    const groups = groupNames(groupingOf(run));
    const place = this.#place(run);
    for await (const group of readGroups(place, await enteredGroups(place, groups))) {
      for await (const result of group.results())
        if (statuses.length === 0 || statuses.includes(result.status)) yield result;
    }
  }

  /** The groups that a run has results in, or may have. @throws OldLayoutError */
  groupsOf(run: Run): readonly string[] {
    return groupNames(groupingOf(run));
  }

  /** The results of one group so far, one for each URL. */
  async *resultsOfGroup(run: Run, group: string): AsyncGenerator<ResultBody> {
    for await (const reader of readGroups(this.#place(run), [group])) yield* reader.results();
  }

  /** Errors that our own functions met in a run, the latest first. */
  faults(runId: string): Promise<readonly KeptFault[]> {
    return new DynamoFaults(this.#table.dynamo, this.#table.name).list(runId);
  }

  /** Every URL that a run met so far, also what was left out, as lines of its results. @throws OldLayoutError */
  lines(run: Run, ...statuses: readonly Status[]): AsyncGenerator<ResultLine> {
    return run.settings.pages === undefined
      ? this.results(run, ...statuses)
      : readLines(this.#pageRun(run), statuses);
  }

  /** The line of one canonical URL; undefined when the run did not meet it. @throws OldLayoutError */
  async line(run: Run, url: string): Promise<ResultLine | undefined> {
    const place = this.#place(run);
    const group = groupOfUrl(url, groupingOf(run));
    for await (const reader of readGroups(place, [group]))
      for await (const result of reader.results()) if (result.url === url) return result;
    return run.settings.pages === undefined ? undefined : findLeftOut(place, group, url);
  }

  #place({ runId }: Run): RunPlace {
    return { ...this.#table, runId };
  }

  #pageRun(run: Run): PageRun {
    return { ...this.#place(run), groups: groupNames(groupingOf(run)) };
  }

  /** Targets not asked yet are skipped from now on. @throws RunChangedError when it is gone */
  cancel(runId: string): Promise<void> {
    return this.#update(runId, { cancelled: true });
  }

  /**
   * Whether what a run kept may be gone from now on: later runs do not take it from memory then.
   * @throws RunChangedError when it is gone
   */
  markDeleting(runId: string, deleting: boolean): Promise<void> {
    return this.#update(runId, { deleting });
  }

  /**
   * Later runs take nothing from shards of these names any more, wherever they remember them from.
   * @throws RunChangedError when the run is gone
   */
  async markRemoved(runId: string, names: readonly string[]): Promise<void> {
    const known = (await this.read(runId))?.removedShards ?? [];
    await this.#update(runId, { removedShards: [...new Set([...known, ...names])] });
  }

  /** Work on a run begins again. @throws RunChangedError when it is gone */
  startAgain(run: Run, again: StartAgain): Promise<void> {
    return this.#update(run.runId, fieldsOfStart(run, again));
  }

  /** Makes the seeder go on where it was, and takes a cancellation back. @throws RunChangedError when it is gone */
  goOn(runId: string): Promise<void> {
    return this.#update(runId, { seeding: 'open', cancelled: false, finish: undefined });
  }

  /**
   * One more list, of targets that have a result already; `superseded` counts those results by
   * reason, since the new ones replace them. All of it or nothing. @throws RunChangedError
   */
  async addRetry(run: Run, list: SeedList, superseded: ReasonCounts): Promise<void> {
    const update = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: marshall(runKey(run.runId)),
      UpdateExpression:
        'SET #lists = list_append(#lists, :list), #superseded = :superseded, ' +
        '#seeding = :open, #cancelled = :false REMOVE #finish',
      // Both change together and never otherwise: while the lists are those that were read, so is
      // what was superseded.
      ConditionExpression: 'size(#lists) = :known',
      ExpressionAttributeNames: aliases(['lists', 'superseded', 'seeding', 'cancelled', 'finish']),
      ExpressionAttributeValues: marshall(
        {
          ':list': [list],
          ':superseded': added(run.superseded, superseded),
          ':open': 'open',
          ':false': false,
          ':known': run.lists.length,
        },
        { removeUndefinedValues: true },
      ),
    });
    await unlessChanged(run.runId, this.#table.dynamo.send(update));
  }

  /**
   * Keeps what is ordered of a host from now on, or takes it back; other orders stay, whoever gives
   * them at the same time. @throws RunChangedError when the run is gone
   */
  async orderHost(runId: string, host: string, order: HostOrder | undefined): Promise<void> {
    for (const update of orderUpdates(this.#table.name, runId, host, order))
      await unlessChanged(runId, this.#table.dynamo.send(update));
  }

  /** Fields that are undefined are removed. */
  async #update(runId: string, fields: Partial<Run>): Promise<void> {
    const all = Object.entries(fields).map(([name, value]) => ({ name, value }));
    const { set = [], gone = [] } = Object.groupBy(all, ({ value }) =>
      value === undefined ? 'gone' : 'set',
    );
    const setting = set.map(({ name }) => `#${name} = :${name}`).join(', ');
    const removing = gone.map(({ name }) => ` REMOVE #${name}`).join('');
    const update = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: marshall(runKey(runId)),
      UpdateExpression: `SET ${setting}${removing}`,
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: aliases([...Object.keys(fields), 'pk']),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(set.map(({ name, value }) => [`:${name}`, value])),
        { removeUndefinedValues: true },
      ),
    });
    await unlessChanged(runId, this.#table.dynamo.send(update));
  }
}

function added(a: ReasonCounts, b: ReasonCounts): Record<string, number> {
  const sums: Record<string, number> = { ...a };
  for (const [reason, count] of Object.entries(b)) sums[reason] = (sums[reason] ?? 0) + count;
  return sums;
}
