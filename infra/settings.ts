import type { Node } from 'constructs';
import { z } from 'zod';

const whole = (least: number, most: number) => z.int().min(least).max(most);

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
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 180, 365]).default(30),
  /** Whether the table can be restored to any second of the last 35 days. */
  pointInTimeRecovery: z.boolean().default(true),
  /** Share of the invocations that write debug lines into the log: one for each target; from 0 to 1. */
  debugSampleRate: z.number().min(0).max(1).default(0),
  /** Whether AWS X-Ray traces the functions. */
  tracing: z.boolean().default(false),
  /** Whether addresses that are not public may be fetched. */
  allowPrivateAddresses: z.boolean().default(false),
});

/** The settings of a deployment, all of them known. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;

const CONTEXT_KEY = 'crawler';
const PREFIX = `${CONTEXT_KEY}.`;
const contextSchema = z.object({
  [CONTEXT_KEY]: z.record(z.string(), z.unknown()).default({}),
});

/** Reads the settings from the CDK context. Throws with every problem named. */
export function readSettings(node: Node): Settings {
  const context: Readonly<Record<string, unknown>> = node.getAllContext() ?? {};
  const { [CONTEXT_KEY]: object } = parse(contextSchema, context);
  const single = Object.entries(context).flatMap(([key, value]) => {
    return key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), fromText(value)]] : [];
  });
  return parse(settingsSchema, { ...object, ...Object.fromEntries(single) });
}

function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SettingsError(`bad settings in the CDK context:\n${z.prettifyError(parsed.error)}`);
}

/** The command line gives every value as text; no setting is one. */
function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A setting that is unknown or out of range; the message names them all. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
