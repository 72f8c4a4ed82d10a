import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../local-clients.ts';
import { type Call, textOf } from './call.ts';

/** Operations that are authorised under another name. */
const BATCHES: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

/** Actions of SQS that a request here can ask for. */
export const SQS_ACTIONS = [
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'GetQueueUrl',
  'ListQueues',
  'PurgeQueue',
  'CreateQueue',
  'DeleteQueue',
  'TagQueue',
  'UntagQueue',
  'ListQueueTags',
] as const;

/** What a request of the JSON protocol asks; `target` is its `x-amz-target`, without the service. */
export function sqsCalls(target: string, body: unknown): readonly Call[] {
  const action = `sqs:${BATCHES[target] ?? target}`;
  const url = textOf(body, 'QueueUrl');
  const name = url === '' ? textOf(body, 'QueueName') : url.slice(url.lastIndexOf('/') + 1);
  return [{ action, resource: queueArn(name === '' ? '*' : name) }];
}

function queueArn(name: string): string {
  return `arn:aws:sqs:${LOCAL_IDENTITY.region}:${LOCAL_ACCOUNT}:${name}`;
}
