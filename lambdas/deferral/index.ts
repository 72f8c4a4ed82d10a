import type { SQSEvent } from 'aws-lambda';
import { createSqs } from '../../adapters/aws/clients.ts';
import { meteredSqs } from '../../adapters/aws/metered-clients.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { createTelemetry } from '../../adapters/telemetry/create-telemetry.ts';
import { deferralEnvironment, parseEnvironment } from '../../contract/environment.ts';
import { deferralEvent } from './deferral-event.ts';

const environment = parseEnvironment(deferralEnvironment, process.env);
const { telemetry, charge } = createTelemetry('deferral', environment, clock);
const sqs = meteredSqs(createSqs(), charge);
const queue = new SqsTaskQueue({ sqs, clock, queueUrl: environment.TASK_QUEUE_URL });

/** Sends deferred tasks back to their groups; the ones that were not taken are its failures. */
export const handler = telemetry.watch((event: SQSEvent) =>
  deferralEvent(event, { queue, telemetry }),
);
