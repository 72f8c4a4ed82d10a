import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { RunArchive } from '../../adapters/aws/run-archive.ts';
import { createMemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { runKey } from '../../contract/table-keys.ts';
import type { TaskSums } from '../../core/model/progress.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { Run } from '../../core/model/run.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import { aRun } from '../worker/records.ts';
import { startDynamo } from './emulators.ts';
import type { Maker } from './one-for-each-test.ts';

/** The end of one target, without the task that settled it. */
type Result = Omit<SettledResult, 'runId' | 'taskId' | 'round'>;

/** A ledger with the eyes and hands of those who start and read runs. */
interface LedgerSubject {
  readonly ledger: Ledger;
  putRun(run: Run): Promise<void>;
  /** As `crawl stop --stack` does. */
  stopAll(): Promise<void>;
  /** The sums of a run with the groups of `GROUPING`. */
  sums(runId: string): Promise<TaskSums>;
  /** The results of a run as they are told, one for each URL. */
  keptResults(runId: string): Promise<readonly Result[]>;
}

/** Every implementation of the ports. */
export const LEDGERS: Readonly<Record<string, () => Promise<Maker<LedgerSubject>>>> = {
  memory: async () => ({ open: async () => memorySubject(), close: async () => {} }),
  DynamoDB: async () => {
    const { dynamo, createTable, close } = await startDynamo();
    return { open: async () => dynamoSubject(dynamo, await createTable()), close };
  },
};

function memorySubject(): LedgerSubject {
  const ledger = createMemoryLedger();
  return {
    ledger,
    putRun: async (run) => ledger.runs.put(run),
    stopAll: async () => {
      ledger.runs.isStopped = true;
    },
    sums: async (runId) => ledger.tasks.sumsNow(runId),
    keptResults: async (runId) => ledger.results.all(runId),
  };
}

function dynamoSubject(dynamo: DynamoDBClient, table: string): LedgerSubject {
  return {
    ledger: createDynamoLedger(dynamo, table, systemClock),
    putRun: async (run) => {
      const Item = marshall({ ...runKey(run.runId), ...run }, { removeUndefinedValues: true });
      await dynamo.send(new PutItemCommand({ TableName: table, Item }));
    },
    stopAll: () => new RunArchive(dynamo, table).stopOrder.give(),
    sums: (runId) => new RunArchive(dynamo, table).sums({ ...aRun([]), runId }),
    keptResults: async (runId) => {
      const results: Result[] = [];
      const archive = new RunArchive(dynamo, table);
      for await (const result of archive.results({ ...aRun([]), runId })) results.push(result);
      return results;
    },
  };
}
