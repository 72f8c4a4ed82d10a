import { createDynamo, createLambda, createS3 } from '../../adapters/aws/clients.ts';
import { DynamoResultLedger } from '../../adapters/aws/dynamo-result-ledger.ts';
import { DynamoRunLedger } from '../../adapters/aws/dynamo-run-ledger.ts';
import { withExpiry } from '../../adapters/aws/expiring-items.ts';
import { LambdaFinisher } from '../../adapters/aws/lambda-finisher.ts';
import { meteredDynamo, meteredS3 } from '../../adapters/aws/metered-clients.ts';
import { RunArchive } from '../../adapters/aws/run-archive.ts';
import { S3ShardShelf } from '../../adapters/aws/s3-shard-shelf.ts';
import { S3TableStore } from '../../adapters/aws/s3-table-store.ts';
import { freeShards } from '../../adapters/finish/free-shards.ts';
import { readingFrom } from '../../adapters/finish/read-ended.ts';
import { WORKER_LIFE_MS } from '../../adapters/finish/worker-life.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { createTelemetry } from '../../adapters/telemetry/create-telemetry.ts';
import { finisherEnvironment, parseEnvironment } from '../../contract/environment.ts';
import type { Run } from '../../core/model/run.ts';
import type { Invocation } from '../worker/work-event.ts';
import { finishEvent } from './finish-event.ts';

const environment = parseEnvironment(finisherEnvironment, process.env);
const { TABLE_NAME, BUCKET_NAME, AWS_LAMBDA_FUNCTION_NAME } = environment;
const { telemetry, charge } = createTelemetry('finisher', environment, clock);
const dynamo = withExpiry(meteredDynamo(createDynamo(), charge), environment.RESULT_RETENTION_DAYS);
const s3 = meteredS3(createS3(), charge);
const table = { dynamo, name: TABLE_NAME, clock };
const archive = new RunArchive(dynamo, TABLE_NAME);
const ports = {
  clock,
  telemetry,
  finisher: new LambdaFinisher(createLambda(), AWS_LAMBDA_FUNCTION_NAME),
  runs: new DynamoRunLedger(table),
  ledger: new DynamoResultLedger(table),
  shelf: new S3ShardShelf(s3, BUCKET_NAME),
  tables: new S3TableStore(s3, BUCKET_NAME),
  ...readingFrom(table, WORKER_LIFE_MS),
  freeShards: (uris: readonly string[], run: Run, isLate: () => boolean) =>
    freeShards(uris, run, isLate, { archive, worksOn: () => true }),
};

/** Finishes a run that has ended, in as many invocations as that takes. */
export const handler = telemetry.watch((event: unknown, context: Invocation) =>
  finishEvent(event, context, ports),
);
