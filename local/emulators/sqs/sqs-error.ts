import { AwsError } from '../aws-error.ts';

/** Names of the query protocol, which clients of SQS still know errors by. */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
};

/** The name of an error in the query protocol. */
export function queryName(name: string): string {
  return QUERY_NAMES[name] ?? name;
}

export function noSuchQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function invalidParameter(name: string, value: unknown, reason: string): AwsError {
  const problem = `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`;
  return new AwsError('InvalidParameterValue', problem);
}
