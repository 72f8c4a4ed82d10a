import type { SQSEvent } from 'aws-lambda';
import type { DeliveredMessage } from '../../adapters/memory/memory-fifo-queue.ts';

/** Deliveries as the event that Lambda makes of them. */
export function sqsEvent(messages: readonly DeliveredMessage[]): SQSEvent {
  const attributes = {
    ApproximateFirstReceiveTimestamp: '0',
    SenderId: 'test',
    SentTimestamp: '0',
  };
  const Records = messages.map(({ messageId, receipt, body, receiveCount, group }) => ({
    ...{ messageId, receiptHandle: receipt, body },
    attributes: {
      ...attributes,
      ApproximateReceiveCount: `${receiveCount}`,
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
