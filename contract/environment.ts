import * as z from 'zod';
import { botForm } from './bot-identity.ts';
import { proxySettings } from './proxy.ts';
import { imageStorage, runSettings } from './run-settings.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const positive = z.coerce.number().int().positive();

/** A throw inside a schema would hide the problems of the other variables. */
function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: `expected JSON, received ${text.slice(0, 80)}` });
    return z.NEVER;
  }
}

/** JSON: names of hosts. */
const hostNames = z
  .string()
  .transform(parseJson)
  .pipe(z.array(z.string().min(1)));

/** Days that runs and results are kept; 0 for ever. */
const resultDays = z.coerce.number().int().min(0);

const storage = z.enum(['s3', 'files']).default('s3');

/** How each function is watched. */
export const watchedEnvironment = z.object({
  /** A dimension of every metric, and the first word of every line of the log. */
  STACK_NAME: z.string().min(1),
  /** Share of the invocations that write their debug lines. */
  DEBUG_SAMPLE_RATE: z.coerce.number().min(0).max(1),
  /** Set by Lambda itself, in MB: what an invocation costs is a multiple of it. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: positive,
});

/** The environment of the worker. */
export const workerEnvironment = z.object({
  TASK_QUEUE_URL: z.url(),
  /** Where tasks wait that come back to their groups later. */
  DEFERRED_QUEUE_URL: z.url(),
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** The operator's alone: neither a task nor a run can ask for it. */
  ALLOW_PRIVATE_ADDRESSES: flag,
  /** Hosts that may be asked, each with those below it; empty for all. The operator's alone, too. */
  ALLOWED_HOSTS: hostNames,
  DENIED_HOSTS: hostNames,
  /** JSON: through which proxies sites are asked. */
  PROXIES: z.string().transform(parseJson).pipe(proxySettings),
  /** Most bytes of a body, whatever a run asks for. */
  MAX_BODY_BYTES: positive,
  /** Most exchanges at once. */
  MAX_IN_FLIGHT: positive,
  /** How long a message stays hidden without a heartbeat of its worker, in seconds. */
  LEASE_S: positive,
  /** Days that the bucket keeps images; 0 for ever. */
  IMAGE_RETENTION_DAYS: z.coerce.number().int().min(0),
  RESULT_RETENTION_DAYS: resultDays,
  /** Where images go: the bucket, or the folder that the run names, if it names one. */
  STORAGE: storage,
  /** How they are put into the bucket where the run does not say it. */
  IMAGE_STORAGE: imageStorage,
  /** On one machine: a module whose hooks are taken instead, in the state that it has then. */
  HOOKS_MODULE: z.string().min(1).optional(),
  /** File with the private key that requests are signed with, on one machine. */
  BOT_KEY_FILE: z.string().min(1).optional(),
  /** Name or ARN of the secret that has it, in a stack. Without any key requests are not signed. */
  BOT_KEY_SECRET: z.string().min(1).optional(),
  /** What signed requests name as their agent. */
  BOT_AGENT: z.url().optional(),
  BOT_FORM: botForm.default('dictionary'),
  ...watchedEnvironment.shape,
});

/** The environment of the seeder. */
export const seederEnvironment = z.object({
  TASK_QUEUE_URL: z.url(),
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  HOST_GROUPS: positive,
  /** JSON: host to number of groups. */
  HOST_SHARDS: z
    .string()
    .transform(parseJson)
    .pipe(z.record(z.string(), z.int().min(1).max(100))),
  WINDOW_SIZE: positive,
  /** JSON: how runs of dropped and scheduled lists visit their targets. */
  RUN_DEFAULTS: z.string().transform(parseJson).pipe(runSettings),
  /** Column or field of such lists that holds the URL. */
  LIST_FIELD: z.string().min(1),
  /** JSON: columns or fields of such lists that go into the results; none: no rows. */
  LIST_KEEP: z
    .string()
    .transform(parseJson)
    .pipe(z.array(z.string().min(1)))
    .transform((names) => (names.length === 0 ? undefined : names)),
  /** Column or field of such lists with hashes; empty for none. */
  LIST_HASH_FIELD: z.string().transform((name) => (name === '' ? undefined : name)),
  MAX_LIST_BYTES: positive,
  /** The function that finishes runs that have ended. */
  FINISHER_FUNCTION_NAME: z.string().min(1),
  RESULT_RETENTION_DAYS: resultDays,
  /** Where lists are: in the bucket, or in files. */
  STORAGE: storage,
  /** Set by Lambda itself: the seeder goes on by invoking itself. */
  AWS_LAMBDA_FUNCTION_NAME: z.string().min(1),
  ...watchedEnvironment.shape,
});

/** The environment of the finisher. */
export const finisherEnvironment = z.object({
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  RESULT_RETENTION_DAYS: resultDays,
  /** Set by Lambda itself: the finisher goes on by invoking itself. */
  AWS_LAMBDA_FUNCTION_NAME: z.string().min(1),
  ...watchedEnvironment.shape,
});

/** The environment of the deferral function. */
export const deferralEnvironment = z.object({
  TASK_QUEUE_URL: z.url(),
  ...watchedEnvironment.shape,
});

/** The environment of the dead-letter function. */
export const deadLetterEnvironment = z.object({
  TASK_QUEUE_URL: z.url(),
  TABLE_NAME: z.string().min(1),
  RESULT_RETENTION_DAYS: resultDays,
  ...watchedEnvironment.shape,
});

/**
 * The variables the stack must set for a function: what its schema asks for and does not default.
 * Those of a bot are there only where requests are signed.
 */
export type Variables<Schema extends z.ZodObject> = {
  readonly [Name in Exclude<
    keyof z.input<Schema>,
    'STORAGE' | 'HOOKS_MODULE' | `AWS_${string}` | `BOT_${string}`
  >]: string;
};

/** Parses a function's environment. Throws with every problem named, so that a start fails whole. */
export function parseEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new Error(`bad environment:\n${z.prettifyError(parsed.error)}`);
}
