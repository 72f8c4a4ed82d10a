import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createDynamo, createSqs } from '../../adapters/aws/clients.ts';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { deadLetterEnvironment, parseEnvironment } from '../../contract/environment.ts';
import { dismantleEvent } from '../dismantle-event.ts';

const { TASK_QUEUE_URL, TABLE_NAME } = parseEnvironment(deadLetterEnvironment, process.env);
const ports = {
  clock,
  queue: new SqsTaskQueue(createSqs(), TASK_QUEUE_URL, clock),
  ledger: createDynamoLedger(createDynamo(), TABLE_NAME, clock),
};

/** Takes dead tasks apart, so that only the targets that kill workers end here. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => dismantleEvent(event, ports);
