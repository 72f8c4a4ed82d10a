import * as z from 'zod';
import type { Grouping } from '../core/model/host-group.ts';
import { grouping } from './run-record.ts';

const name = z.string().min(1);

/** The outputs of the stack: all that a command needs to work with it. */
export const stackOutputs = z.object({
  TaskQueueUrl: name,
  DeadLetterQueueUrl: name,
  TableName: name,
  BucketName: name,
  /** Where lists are dropped. Empty where an older version made the stack. */
  InboxBucketName: z.string().default(''),
  SeederFunctionName: name,
  WorkerFunctionName: name,
  DeadLetterFunctionName: name,
  /** Empty where an older version made the stack. */
  FinisherFunctionName: z.string().default(''),
  /** JSON: how hosts are put into groups. Empty where an older version made the stack. */
  HostGrouping: z.string().default(''),
  /** `true` where its workers can work on images. */
  ImageWork: z.string().optional(),
});

/** The outputs of the stack by name. */
export type StackOutputs = Readonly<z.output<typeof stackOutputs>>;

/** The name of an output. */
export type OutputName = keyof StackOutputs;

/** How a stack puts hosts into groups: each run keeps it. Undefined where an older version made the stack. */
export function readGrouping({ HostGrouping }: StackOutputs): Grouping | undefined {
  return HostGrouping === '' ? undefined : grouping.parse(JSON.parse(HostGrouping));
}
