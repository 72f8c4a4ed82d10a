import * as z from 'zod';
import type { Counts } from '../core/model/progress.ts';
import { count, reasonCounts } from './reason-counts.ts';

const sums = {
  succeeded: count.default(0),
  failed: count.default(0),
  skipped: count.default(0),
  bytes: count.default(0),
  documents: count.default(0),
  unchanged: count.optional(),
  savedBytes: count.optional(),
};

/**
 * How far one group of a run has come: the sums over its tasks that are done, and how many there are
 * that the seeder did not make. Besides, by lane, its front and what is counted of its open task.
 */
export const progressItem = z.object({
  ...sums,
  elsewhere: count.default(0),
  doneTasks: count.default(0),
  registeredTasks: count.default(0),
  registeredTargets: count.default(0),
  updatedMs: z.number().default(0),
});

/** What is counted of the open task of a lane. */
export const laneSums = z.object({
  counts: z.object({ ...sums, reasons: reasonCounts }) satisfies z.ZodType<Counts>,
  elsewhere: count,
});
