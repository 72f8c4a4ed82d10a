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
  /** Absent where an older version made the stack, as the others that may be. */
  DeferralFunctionName: name.optional(),
  /** JSON: how hosts are put into groups. Empty where an older version made the stack. */
  HostGrouping: z.string().default(''),
  /** `true` where its workers can work on images. */
  ImageWork: z.string().optional(),
  /** US dollars at which a run stops that names no ceiling; 0 for never. */
  MaxRunCost: z.string().optional(),
  /** Days that runs and results are kept; 0 for ever. */
  ResultRetentionDays: z.string().optional(),
});

/** The outputs of the stack by name. */
export type StackOutputs = Readonly<z.output<typeof stackOutputs>>;

/** The name of an output. */
export type OutputName = keyof StackOutputs;

/** How a stack puts hosts into groups: each run keeps it. Undefined where an older version made the stack. */
export function readGrouping({ HostGrouping }: StackOutputs): Grouping | undefined {
  return HostGrouping === '' ? undefined : grouping.parse(JSON.parse(HostGrouping));
}

/** The ceiling of runs that name none, in US dollars; undefined where there is none. */
export function readMaxRunCost({ MaxRunCost }: StackOutputs): number | undefined {
  return Number(MaxRunCost) > 0 ? Number(MaxRunCost) : undefined;
}

/** Days that runs and their results are kept, from the start of each run; 0 for ever. */
export function readResultDays({ ResultRetentionDays }: StackOutputs): number {
  return Number(ResultRetentionDays ?? 0);
}
