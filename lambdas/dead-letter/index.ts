import type { SQSEvent } from 'aws-lambda';
import { createDynamo, createSqs } from '../../adapters/aws/clients.ts';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { withExpiry } from '../../adapters/aws/expiring-items.ts';
import { meteredDynamo, meteredSqs } from '../../adapters/aws/metered-clients.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { createTelemetry } from '../../adapters/telemetry/create-telemetry.ts';
import { deadLetterEnvironment, parseEnvironment } from '../../contract/environment.ts';
import { dismantleEvent } from './dismantle-event.ts';

const environment = parseEnvironment(deadLetterEnvironment, process.env);
const { TASK_QUEUE_URL, TABLE_NAME, RESULT_RETENTION_DAYS } = environment;
const { telemetry, charge } = createTelemetry('dead-letter', environment, clock);
const dynamo = withExpiry(meteredDynamo(createDynamo(), charge), RESULT_RETENTION_DAYS);
const ports = {
  clock,
  telemetry,
  queue: new SqsTaskQueue({
    sqs: meteredSqs(createSqs(), charge),
    clock,
    queueUrl: TASK_QUEUE_URL,
  }),
  ledger: createDynamoLedger(dynamo, TABLE_NAME, clock),
};

/** Takes dead tasks apart, so that only the targets that kill workers end here. */
export const handler = telemetry.watch((event: SQSEvent) => dismantleEvent(event, ports));
