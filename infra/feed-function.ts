import { Grant } from 'aws-cdk-lib/aws-iam';
import type { EventSourceMappingOptions, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** All that Lambda's pollers ask of a queue, as the function: `SqsEventSource` would grant more. */
const POLL = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Messages of a queue go to a function, which says of each whether it failed. */
export function feedFunction(
  target: IFunction,
  queue: Queue,
  limits: Pick<EventSourceMappingOptions, 'batchSize' | 'maxConcurrency' | 'enabled'>,
): void {
  Grant.addToPrincipal({ grantee: target, actions: POLL, resourceArns: [queue.queueArn] });
  const source = { eventSourceArn: queue.queueArn, reportBatchItemFailures: true };
  target.addEventSourceMapping(queue.node.id, { ...source, ...limits });
}
