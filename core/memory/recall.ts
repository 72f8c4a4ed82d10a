import type { MemorySettings } from '../model/run.ts';
import type { Remembered } from '../ports/remembered.ts';
import { conditionsOf } from './validators.ts';

/** What a run makes of a URL that is remembered. */
export interface Recall {
  /** It need not be asked for. */
  readonly isKnown: boolean;
  /** Header fields by which its site may answer that nothing changed. */
  readonly conditions?: Readonly<Record<string, string>>;
}

/** Whether a URL that is remembered is asked for now, and how. `nowMs` is in milliseconds since 1970. */
export function recall(remembered: Remembered, settings: MemorySettings, nowMs: number): Recall {
  if (isKnown(remembered, settings, nowMs)) return { isKnown: true };
  return { isKnown: false, conditions: conditionsOf(remembered) };
}

/**
 *     kept, seen ────── fresh for ──────▶ stale
 *               ── maxAge ──▶ too old
 *
 * What was seen in the future was seen by a clock that went wrong, then or now: it is asked for.
 */
function isKnown(
  { seenMs, freshForMs = 0 }: Remembered,
  { ask, maxAgeMs }: MemorySettings,
  nowMs: number,
): boolean {
  if (ask === 'new') return true;
  const ageMs = nowMs - seenMs;
  if (ask === 'all' || ageMs < 0) return false;
  return maxAgeMs === undefined ? ageMs < freshForMs : ageMs <= maxAgeMs;
}
