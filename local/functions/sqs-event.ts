import type { Message } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { LOCAL_IDENTITY } from '../local-clients.ts';

/** Received messages as the event that Lambda makes of them. */
export function toEvent(messages: readonly Message[], queueArn: string): SQSEvent {
  return { Records: messages.map((message) => toRecord(message, queueArn)) };
}

function toRecord(message: Message, queueArn: string): SQSRecord {
  const given: Partial<Record<string, string>> = message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ...given,
      ApproximateReceiveCount: given['ApproximateReceiveCount'] ?? '',
      ApproximateFirstReceiveTimestamp: given['ApproximateFirstReceiveTimestamp'] ?? '',
      SentTimestamp: given['SentTimestamp'] ?? '',
      SenderId: given['SenderId'] ?? '',
    },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: LOCAL_IDENTITY.region,
  };
}
