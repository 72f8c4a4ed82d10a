import { AwsError } from './aws-error.ts';
import { checkParameters, type JsonService } from './json-service.ts';
import { MESSAGE_CALLS } from './sqs/message-calls.ts';
import type { Queue } from './sqs/queue.ts';
import { QUEUE_CALLS } from './sqs/queue-calls.ts';
import type { SqsCall } from './sqs/sqs-call.ts';
import { queryName } from './sqs/sqs-error.ts';

/** All that this SQS can do. */
const CALLS: Readonly<Record<string, SqsCall>> = { ...QUEUE_CALLS, ...MESSAGE_CALLS };

/** SQS, in memory: its messages are gone with the process. `now` is in milliseconds since 1970. */
export function createSqsService(now: () => number = Date.now): JsonService {
  const queues = new Map<string, Queue>();
  return {
    name: 'sqs',
    call: async (operation, input, context) => {
      const call = Object.hasOwn(CALLS, operation) ? CALLS[operation] : undefined;
      if (call === undefined)
        throw new AwsError(
          'UnsupportedOperation',
          `SQS ${operation} is not supported on this machine`,
        );
      checkParameters(`SQS ${operation}`, input, call.parameters);
      return JSON.stringify(await call.run({ ...context, input, queues, now }));
    },
    errorType: ({ name }) => `com.amazonaws.sqs#${name}`,
    errorHeaders: ({ name, status }) => {
      const fault = status < 500 ? 'Sender' : 'Receiver';
      return { 'x-amzn-query-error': `${queryName(name)};${fault}` };
    },
  };
}
