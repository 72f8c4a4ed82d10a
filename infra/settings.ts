import type { Node } from 'constructs';
import { z } from 'zod';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

/** What an owner may choose for a deployment, in cdk.json under `crawler` or as `-c crawler.NAME=…`. */
const settingsSchema = z.strictObject({
  /** Host groups: how many hosts can be crawled side by side at most. */
  groups: whole(1, 100_000).default(4096),
  /** Host to number of groups, for an owner of a host who wants more than one worker on it. */
  hostShards: z.record(z.string(), z.int().min(1).max(100)).default({}),
  /** Workers at once; Lambda wants at least 2. */
  workerConcurrency: whole(2, 1000).default(50),
  /** Memory of a worker in MB; its share of a CPU grows with it. */
  workerMemoryMb: whole(512, 10_240).default(1024),
  /** Time limit of a worker in seconds. */
  workerTimeoutS: whole(150, 900).default(180),
  /** Tasks a worker takes at once; 10 is the most that a FIFO queue gives. */
  batchSize: whole(1, 10).default(10),
  /** Deliveries of a task before it is held dead. Two are needed for its retries. */
  maxReceiveCount: whole(4, 100).default(5),
  /** URLs the seeder reads before it closes a window and moves its checkpoint. */
  windowSize: whole(100, 1_000_000).default(50_000),
  /** Tasks waiting before the seeder waits; SQS looks at 120,000 messages for a free group. */
  maxQueuedTasks: whole(100, 1_000_000).default(100_000),
  /** Days that logs are kept. */
  logRetentionDays: z.coerce
    .number()
    .pipe(z.union([1, 3, 5, 7, 14, 30, 60, 90, 180, 365].map((days) => z.literal(days))))
    .default(30),
  /** Whether the table can be restored to any second of the last 35 days. */
  pointInTimeRecovery: z.stringbool().or(z.boolean()).default(true),
  /** Whether addresses that are not public may be fetched. */
  allowPrivateAddresses: z.stringbool().or(z.boolean()).default(false),
});

/** The settings of a deployment, all of them known. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;

const CONTEXT_KEY = 'crawler';

/** Reads the settings from the CDK context. Throws with every problem named. */
export function readSettings(node: Node): Settings {
  const given: Record<string, unknown> = { ...node.tryGetContext(CONTEXT_KEY) };
  for (const [key, value] of Object.entries(node.getAllContext() ?? {})) {
    if (key.startsWith(`${CONTEXT_KEY}.`)) given[key.slice(CONTEXT_KEY.length + 1)] = value;
  }
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SettingsError(`bad settings in the CDK context:\n${z.prettifyError(parsed.error)}`);
}

/** A setting that is unknown or out of range; the message names them all. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
