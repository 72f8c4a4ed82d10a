import type { Finds } from '../model/finds.ts';
import { type Reason, type Status, verdictOf } from '../model/outcome.ts';
import type { Facts } from '../model/result.ts';
import type { RightsRefusal } from '../policies/visit-rights.ts';
import type { Lesson } from '../ports/remembered.ts';

/** What one visit to a target came to: the target is settled so, or tried again. */
export interface VisitOutcome {
  readonly kind: 'ended';
  readonly status: Status;
  readonly reason: Reason | null;
  readonly facts: Facts;
  /** Time of its requests, in milliseconds. */
  readonly durationMs: number;
  /** What a document brought. */
  readonly finds?: Finds;
  /** What the host asked for, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** How long the host is paused, in milliseconds from now; infinite when it is given up. */
  readonly pauseMs?: number;
  /** What later runs are told of it. */
  readonly lesson?: Lesson;
  /** Resolves when the images that its facts refer to are safe; absent where they are already. */
  readonly kept?: Promise<unknown>;
}

/** Why a target was not asked for. */
export type NotAsked =
  /** Not to be asked in this run. */
  | { readonly kind: 'refused'; readonly reason: Reason; readonly facts: Facts }
  /** The run was cancelled. */
  | { readonly kind: 'cancelled' }
  /** There was no time left for it. */
  | { readonly kind: 'cut'; readonly untilMs: number }
  /** The host is paused until then, in milliseconds since 1970. */
  | { readonly kind: 'paused'; readonly untilMs: number };

/** The outcome of a visit that ended for a reason. */
export function ended(reason: Reason, facts: Facts): VisitOutcome {
  return { kind: 'ended', status: verdictOf(reason).status, reason, facts, durationMs: 0 };
}

/** The outcome of a visit that brought what was wanted. */
export function succeeded(facts: Facts): VisitOutcome {
  return { kind: 'ended', status: 'succeeded', reason: null, facts, durationMs: 0 };
}

/** The outcome for a target whose owner reserves it, with the evidence. */
export function refused({ reason, detail, rights }: RightsRefusal, seen: Facts): VisitOutcome {
  return ended(reason, { ...seen, detail, rights });
}
