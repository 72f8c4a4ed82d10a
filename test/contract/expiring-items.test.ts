import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { withExpiry } from '../../adapters/aws/expiring-items.ts';
import { queryPartition } from '../../adapters/aws/query-partition.ts';
import { RunArchive } from '../../adapters/aws/run-archive.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import {
  POISON_PARTITION,
  RUNS_PARTITION,
  runPartitions,
  STOP_KEY,
} from '../../contract/table-keys.ts';
import { groupOfUrl } from '../../core/model/host-group.ts';
import { laneTaskId } from '../../core/model/lane.ts';
import { NO_COUNTS } from '../../core/model/progress.ts';
import { FIRST_CHECKPOINT, type Run } from '../../core/model/run.ts';
import { settleAll } from '../worker/packs.ts';
import { aRun, aTask, GROUPING, settledResult } from '../worker/records.ts';
import { startDynamo } from './emulators.ts';

const URL = 'https://a.test/1';
const GROUP = groupOfUrl(URL, GROUPING);
const RUN: Run = { ...aRun([]), runId: '20261101T120000-x7k2', seeding: 'open' };
/** Thirty days after its start, in seconds since 1970. */
const EXPIRY = String(Date.parse('2026-12-01T12:00:00Z') / 1000);

it('each item of a run expires so many days after its start, and nothing else', async () => {
  const items = await itemsAfter(30);
  const own = items.filter(({ name }) => name.includes(RUN.runId));
  expect(own.length).toBe(11);
  expect(own.filter(({ expiry }) => expiry !== EXPIRY)).toEqual([]);
  expect(items.length - own.length).toBe(2);
  expect(items.filter(({ expiry }) => expiry !== undefined)).toEqual(own);
});

it('where runs are kept for ever none does', async () => {
  const items = await itemsAfter(0);
  expect(items).toHaveLength(13);
  expect(items.filter(({ expiry }) => expiry !== undefined)).toEqual([]);
});

/** The items of a table after each kind of write about a run, by functions that keep runs for so many days. */
async function itemsAfter(days: number) {
  const { dynamo, createTable, close } = await startDynamo();
  onTestFinished(close);
  const table = await createTable();
  const { runId } = RUN;
  const ledger = createDynamoLedger(withExpiry(dynamo, days), table, systemClock);
  const task = { ...aTask(laneTaskId(GROUP, 0, 0), [URL]), runId, group: GROUP };
  const made = { ...task, taskId: 'r-x', generation: 1 };
  await ledger.runs.begin(RUN);
  await ledger.runs.keepWindowSize(runId, 100);
  await ledger.runs.checkpoint(RUN, { ...FIRST_CHECKPOINT, window: 1 }, false);
  await ledger.runs.addCost(runId, 1);
  await ledger.backlog.add([task]);
  await ledger.tasks.register([made]);
  await ledger.tasks.recordFault(task, 1);
  const progress = { targets: 1, counts: NO_COUNTS, elsewhere: 0, done: true, updatedMs: 1 };
  await ledger.tasks.record({ ...progress, runId, taskId: made.taskId, group: GROUP });
  await settleAll(ledger.results, [{ ...settledResult(URL), runId }]);
  await ledger.results.addIndex({
    runId,
    group: GROUP,
    upTo: { hold: 1, part: 0 },
    sections: [{ round: 0, passing: false, digests: ['0123456789abcdef'] }],
  });
  await ledger.frontier.mark(runId, [{ url: URL, group: GROUP }]);
  await ledger.frontier.reserve(runId, { urls: 1 });
  await new RunArchive(dynamo, table).stopOrder.give();
  await ledger.tasks.keepPoison('message', 'body');
  return itemsOf(dynamo, table);
}

async function itemsOf(dynamo: DynamoDBClient, table: string) {
  const partitions = [
    ...runPartitions(RUN.runId, [GROUP]),
    RUNS_PARTITION,
    POISON_PARTITION,
    STOP_KEY.pk,
  ];
  const items: { name: string; expiry: string | undefined }[] = [];
  for (const partition of partitions) {
    for await (const some of queryPartition({ dynamo, name: table }, partition))
      for (const { pk, sk, expiresS } of some)
        items.push({ name: `${pk?.S} ${sk?.S}`, expiry: expiresS?.N });
  }
  return items;
}
