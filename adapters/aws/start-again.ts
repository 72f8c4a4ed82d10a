import type { Run } from '../../core/model/run.ts';

/** What the record of a run keeps when work on it begins again. */
export interface StartAgain {
  /** Worked until now: the time that the run was stopped is not counted. */
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Whether private addresses are fetched from now on. */
  readonly allowPrivate: boolean;
  /** The ceiling of its cost from now on; as before where it is absent. */
  readonly maxCost?: number;
}

/** The fields of its record that change then. */
export function fieldsOfStart(
  { settings }: Pick<Run, 'settings'>,
  { seconds, nowMs, allowPrivate, maxCost }: StartAgain,
): Partial<Run> {
  const fields = { workedMs: Math.round(seconds * 1000), resumedMs: nowMs };
  const changed = {
    ...(allowPrivate && { allowPrivate }),
    ...(maxCost !== undefined && { maxCost }),
  };
  if (Object.keys(changed).length === 0) return fields;
  return { ...fields, settings: { ...settings, ...changed } };
}
