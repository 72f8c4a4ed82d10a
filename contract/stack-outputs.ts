import * as z from 'zod';

const name = z.string().min(1);

/** The outputs of the stack: all that a command needs to work with it. */
export const stackOutputs = z.object({
  TaskQueueUrl: name,
  DeadLetterQueueUrl: name,
  TableName: name,
  BucketName: name,
  SeederFunctionName: name,
  WorkerFunctionName: name,
  DeadLetterFunctionName: name,
});

/** The outputs of the stack by name. */
export type StackOutputs = Readonly<z.output<typeof stackOutputs>>;

/** The name of an output. */
export type OutputName = keyof StackOutputs;
