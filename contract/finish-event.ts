import * as z from 'zod';

const count = z.int().min(0);

/** How far the finishing of a run has come. */
const place = z.object({
  step: z.enum(['collect', 'rewrite', 'tables', 'publish']),
  /** What the step begins with. */
  next: count,
  /** Tables of each portion of groups so far. */
  tables: z.array(count).readonly(),
});

const finishEvent = z.object({
  runId: z.string().min(1).max(64),
  /** Whoever goes on, and from where; absent: it begins. */
  going: z.object({ by: z.string().min(1), turn: count, place }).optional(),
});

/** How far the finishing of a run has come. */
export type FinishPlace = Readonly<z.output<typeof place>>;

/** What the finisher is to do. */
export type FinishOrder = Readonly<z.output<typeof finishEvent>>;

/** Reads the event of the finisher. Throws when it names no run. */
export function parseFinishEvent(event: unknown): FinishOrder {
  const parsed = finishEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new Error(`bad finish event:\n${z.prettifyError(parsed.error)}`);
}
