import type { SQSEvent } from 'aws-lambda';
import type { DeliveredMessage } from '../../adapters/memory/memory-fifo-queue.ts';

/** Deliveries as the event that Lambda makes of them. */
export function sqsEvent(messages: readonly DeliveredMessage[]): SQSEvent {
  const attributes = { SenderId: 'test', SentTimestamp: '0' };
  const Records = messages.map(({ messageId, receipt, body, group, ...delivery }) => ({
    messageId,
    receiptHandle: receipt,
    body,
    attributes: {
      ...attributes,
      ApproximateReceiveCount: `${delivery.receiveCount}`,
      ApproximateFirstReceiveTimestamp: `${delivery.firstReceivedMs}`,
      MessageGroupId: group,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:tasks.fifo',
    awsRegion: 'us-east-1',
  }));
  return { Records };
}
