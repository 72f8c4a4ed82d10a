import * as z from 'zod';
import { MAX_URL_LENGTH, parseUrl } from '../core/model/canonical-url.ts';
import { DOCUMENT_KINDS } from '../core/model/document-kind.ts';
import type { Decided } from '../core/model/find.ts';
import { MAX_COLUMNS_BYTES } from '../core/model/given-columns.ts';
import { facts } from '../core/model/result.ts';
import type { Target, Task } from '../core/model/task.ts';
import { EXPECTED_HASH } from '../core/seed/expected-hash.ts';
import type { Fields } from './fields.ts';
import { QUEUE_LIMITS } from './limits.ts';
import { count, reason } from './reason-counts.ts';

/** Only what the seeder would have written may be fetched: a message can come from anyone. */
function isCanonical(text: string): boolean {
  const parsed = parseUrl(text);
  return parsed.kind === 'url' && parsed.url === text;
}

const text = z
  .string()
  .max(MAX_URL_LENGTH * 2)
  .optional();

/** What came inside a document: its name is no address. */
const decided = z.object({ reason: reason.nullable(), facts } satisfies Fields<Decided>);

/** One target of a message. */
export const target = z
  .object({
    url: z.string(),
    tries: count.optional(),
    kind: z.enum(DOCUMENT_KINDS).optional(),
    depth: count.optional(),
    foundOn: text,
    foundAs: text,
    alt: text,
    title: text,
    expectedHash: z.string().regex(EXPECTED_HASH).optional(),
    hops: count.optional(),
    chain: count.optional(),
    site: text,
    isGuess: z.boolean().optional(),
    columnsJson: z.string().max(MAX_COLUMNS_BYTES).optional(),
    decided: decided.optional(),
  } satisfies Fields<Target>)
  .refine(
    ({ url, decided }) => decided !== undefined || isCanonical(url),
    'expected a canonical http(s) URL',
  );

/** The JSON of one message of the task queue. */
const taskMessage = z.object({
  v: z.literal(1),
  runId: z.string().min(1).max(60),
  taskId: z.string().min(1).max(60),
  group: z.string().min(1).max(64),
  round: z.int().min(0),
  targets: z.array(target).min(1).max(QUEUE_LIMITS.taskTargets),
  generation: z.int().min(0).optional(),
  soloStarts: count.optional(),
  faults: count.optional(),
} satisfies Fields<Task & { v: 1 }>);

/** A body as a task, or what is wrong with it. */
export type ParsedTask =
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'poison'; readonly problem: string };

/** Characters that SQS takes in no message; JSON writes them as they are. */
const NO_XML = /[\ufffe\uffff]/g;

/** The body of a message. */
export function encodeTask(task: Task): string {
  return JSON.stringify({ v: 1, ...task }).replace(NO_XML, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

/** Reads a message's body. */
export function parseTask(body: string): ParsedTask {
  const json = parseJson(body);
  const parsed = taskMessage.safeParse(json);
  if (!parsed.success) return { kind: 'poison', problem: z.prettifyError(parsed.error) };
  const { v: _, ...task } = parsed.data;
  return { kind: 'task', task };
}

/**
 * The queue's own name for a task in its five minutes of deduplication: at most 128 characters. `wake`
 * names the occasion on which it is sent again.
 */
export function deduplicationId(
  { runId, taskId }: Pick<Task, 'runId' | 'taskId'>,
  wake?: string,
): string {
  return wake === undefined ? `${runId}.${taskId}` : `${runId}.${taskId}.${wake}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
