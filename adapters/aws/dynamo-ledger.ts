import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../core/ports/clock.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import { DynamoBacklog } from './dynamo-backlog.ts';
import { DynamoFrontierLedger } from './dynamo-frontier-ledger.ts';
import { DynamoHostLedger } from './dynamo-host-ledger.ts';
import { DynamoMemoryLedger } from './dynamo-memory-ledger.ts';
import { DynamoResultLedger } from './dynamo-result-ledger.ts';
import { DynamoRunLedger } from './dynamo-run-ledger.ts';
import { DynamoTaskLedger } from './dynamo-task-ledger.ts';
import type { Table } from './get-items.ts';

/** The whole ledger in one table. */
export function createDynamoLedger(dynamo: DynamoDBClient, name: string, clock: Clock): Ledger {
  const table: Table = { dynamo, name, clock };
  return {
    runs: new DynamoRunLedger(table),
    tasks: new DynamoTaskLedger(table),
    results: new DynamoResultLedger(table),
    hosts: new DynamoHostLedger(table),
    frontier: new DynamoFrontierLedger(table),
    memory: new DynamoMemoryLedger(table),
    backlog: new DynamoBacklog(table),
  };
}
