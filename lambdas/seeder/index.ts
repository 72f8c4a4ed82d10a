import { createDynamo, createLambda, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { withExpiry } from '../../adapters/aws/expiring-items.ts';
import { LambdaFinisher } from '../../adapters/aws/lambda-finisher.ts';
import { LambdaSeeder } from '../../adapters/aws/lambda-seeder.ts';
import { meteredDynamo, meteredS3, meteredSqs } from '../../adapters/aws/metered-clients.ts';
import { S3ListKeeper } from '../../adapters/aws/s3-list-keeper.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openByScheme } from '../../adapters/seeds/open-by-scheme.ts';
import { openFile } from '../../adapters/seeds/open-file.ts';
import { openObject } from '../../adapters/seeds/open-object.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { createTelemetry } from '../../adapters/telemetry/create-telemetry.ts';
import { parseEnvironment, seederEnvironment } from '../../contract/environment.ts';
import { wantedByHooks } from '../../core/model/given-columns.ts';
import { HOOK_COLUMNS } from '../../core/model/hook-columns.ts';
import type { Invocation } from '../worker/work-event.ts';
import { seedEvent } from './seed-event.ts';

const environment = parseEnvironment(seederEnvironment, process.env);
const { telemetry, charge, meter } = createTelemetry('seeder', environment, clock);
const s3 = meteredS3(createS3(), charge);
const { RESULT_RETENTION_DAYS, TABLE_NAME } = environment;
const dynamo = withExpiry(meteredDynamo(createDynamo(), charge), RESULT_RETENTION_DAYS);
const inBucket = { 's3:': openObject(s3) };
const openers = { s3: inBucket, files: { ...inBucket, 'file:': openFile } };
const ports = {
  clock,
  telemetry,
  meter,
  queue: new SqsTaskQueue({
    sqs: meteredSqs(createSqs(), charge),
    clock,
    queueUrl: environment.TASK_QUEUE_URL,
  }),
  ledger: createDynamoLedger(dynamo, TABLE_NAME, clock),
  source: new ListSource(openByScheme(openers[environment.STORAGE])),
  seeder: new LambdaSeeder(createLambda(), environment.AWS_LAMBDA_FUNCTION_NAME),
  finisher: new LambdaFinisher(createLambda(), environment.FINISHER_FUNCTION_NAME),
  windowSize: environment.WINDOW_SIZE,
  begin: {
    lists: new S3ListKeeper(s3, environment.BUCKET_NAME, environment.MAX_LIST_BYTES),
    settings: environment.RUN_DEFAULTS,
    grouping: { groups: environment.HOST_GROUPS, hostShards: environment.HOST_SHARDS },
    field: environment.LIST_FIELD,
    keep: environment.LIST_KEEP,
    hashField: environment.LIST_HASH_FIELD,
    hookColumns: wantedByHooks(HOOK_COLUMNS),
  },
};

/** Turns the lists of a run into tasks, in as many invocations as they take. */
export const handler = telemetry.watch((event: unknown, context: Invocation) =>
  seedEvent(event, context, ports),
);
