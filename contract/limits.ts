import type { ResultLimits } from '../core/ports/ledger.ts';
import type { QueueLimits } from '../core/ports/task-queue.ts';

/** Most keys of a BatchGetItem. */
export const MAX_READS = 100;
/** Most items of a BatchWriteItem. */
export const MAX_WRITES = 25;

/** What SQS takes, and what is cheap there. */
export const QUEUE_LIMITS: QueueLimits = {
  // With the task's own item and that of its host as many keys as one BatchGetItem has.
  taskTargets: MAX_READS - 2,
  // Each 64 KiB of payload are billed as a request.
  taskBytes: 60 * 1024,
  messages: 10,
  deferralMs: 15 * 60 * 1000,
};

/** What DynamoDB takes. */
export const RESULT_LIMITS: ResultLimits = {
  writes: MAX_WRITES,
  packResults: QUEUE_LIMITS.taskTargets,
  // 12 bytes each, and an item holds 400 KB.
  indexResults: 25_000,
};
