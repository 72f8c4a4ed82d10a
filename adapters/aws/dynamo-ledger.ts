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

/** The whole ledger in one table. */
export function createDynamoLedger(dynamo: DynamoDBClient, table: string, clock: Clock): Ledger {
  return {
    runs: new DynamoRunLedger(dynamo, table),
    tasks: new DynamoTaskLedger(dynamo, table, clock),
    results: new DynamoResultLedger(dynamo, table, clock),
    hosts: new DynamoHostLedger(dynamo, table),
    frontier: new DynamoFrontierLedger(dynamo, table, clock),
    memory: new DynamoMemoryLedger(dynamo, table, clock),
    backlog: new DynamoBacklog(dynamo, table, clock),
  };
}
