import { runExpiresMs } from '../../contract/run-expiry.ts';
import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { countOf } from '../options/quantities.ts';

/**
 * Refuses a run that is kept no longer, where runs are kept for so many days: the table drops items some
 * time after they have expired, and what is left of the run is not the whole. @throws CommandError
 */
export function refuseExpired({ runId }: Pick<Run, 'runId'>, days: number, nowMs: number): void {
  const expiresMs = runExpiresMs(runId, days);
  if (expiresMs === undefined || nowMs < expiresMs) return;
  throw new CommandError(
    `run ${runId} has expired: runs are kept here for ${countOf(days, 'day')} (resultRetentionDays)`,
  );
}
