import { z } from 'zod';
import { parseUrl } from '../core/canonical-url.ts';
import { MAX_TASK_TARGETS, type Task } from '../core/task.ts';

/** Only what the seeder would have written may be fetched: a message can come from anyone. */
const canonicalUrl = z.string().refine((text) => {
  const parsed = parseUrl(text);
  return parsed.kind === 'url' && parsed.url === text;
}, 'expected a canonical http(s) URL');

const target = z.object({ url: canonicalUrl, tries: z.int().min(0).optional() });

/** The JSON of one message of the task queue. */
const taskMessage = z.object({
  v: z.literal(1),
  runId: z.string().min(1).max(60),
  taskId: z.string().min(1).max(60),
  group: z.string().min(1).max(64),
  round: z.int().min(0),
  targets: z.array(target).min(1).max(MAX_TASK_TARGETS),
  notBeforeMs: z.number().optional(),
  generation: z.int().min(0).optional(),
  soloStarts: z.int().min(0).optional(),
  faults: z.int().min(0).optional(),
});

/** A body as a task, or what is wrong with it. */
export type ParsedTask =
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'poison'; readonly problem: string };

/** The body of a message. */
export function encodeTask(task: Task): string {
  return JSON.stringify({ v: 1, ...task });
}

/** Reads a message's body. */
export function parseTask(body: string): ParsedTask {
  const json = parseJson(body);
  const parsed = taskMessage.safeParse(json);
  if (!parsed.success) return { kind: 'poison', problem: z.prettifyError(parsed.error) };
  const { v: _, ...task } = parsed.data;
  return { kind: 'task', task };
}

/** The queue's own name for a task in its five minutes of deduplication: at most 128 characters. */
export function deduplicationId(task: Pick<Task, 'runId' | 'taskId'>): string {
  return `${task.runId}.${task.taskId}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
