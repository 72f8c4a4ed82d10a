import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts';
import { parseDelivery } from '../../contract/parse-delivery.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Delivery } from '../../core/ports/task-queue.ts';
import type { Work } from '../../core/worker/work.ts';
import { bytesIn } from '../bytes-in.ts';

/** What Lambda tells of an invocation. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

interface Ports {
  readonly work: Work;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** An SQS event in the words of the use case, and its ends as a partial batch response. */
export async function workEvent(
  event: SQSEvent,
  context: Invocation,
  { work, clock, telemetry }: Ports,
): Promise<SQSBatchResponse> {
  const deadlineMs = clock.now() + context.getRemainingTimeInMillis();
  telemetry.received(bytesIn(event));
  const worked = await work(event.Records.map(deliveryOf), deadlineMs);
  const over = worked.filter(({ end }) => end.kind === 'done' || end.kind === 'suspended');
  const receipts = over.map(({ receipt }) => receipt);
  const failures = event.Records.filter(({ receiptHandle }) => !receipts.includes(receiptHandle));
  return {
    batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

/** SQS tells the age of a first delivery only. */
function deliveryOf({ messageId, body, receiptHandle, attributes }: SQSRecord): Delivery {
  const receiveCount = Number(attributes.ApproximateReceiveCount);
  const firstMs = Number(attributes.ApproximateFirstReceiveTimestamp);
  const receivedMs = receiveCount === 1 && firstMs > 0 ? firstMs : undefined;
  return parseDelivery({ messageId, body, receipt: receiptHandle, receiveCount, receivedMs });
}
