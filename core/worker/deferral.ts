import type { Target } from '../model/task.ts';

/** A target that is not settled yet. */
export interface Deferral {
  readonly target: Target;
  /** Attempts so far. */
  readonly tries: number;
  /** When the next one may begin, in milliseconds since 1970; not later than now when only time was missing. */
  readonly dueMs: number;
  /** It does not wait here: no time is left, or its host may be dead and would hold its group. */
  readonly leaves: boolean;
}
