import * as z from 'zod';
import { isReason, type Reason } from '../core/model/outcome.ts';
import { resultFields } from '../core/model/result.ts';

/** A whole number from 0. */
export const count = z.int().min(0);

/** One of the closed vocabulary. */
export const reason = resultFields.shape.reason.unwrap();

/** Counts by reason. */
export const reasonCounts = z.record(z.string(), count).transform((counts) => {
  const known: Partial<Record<Reason, number>> = {};
  for (const [name, value] of Object.entries(counts)) if (isReason(name)) known[name] = value;
  return known;
});
