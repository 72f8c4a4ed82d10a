import { progressOf } from '../model/progress.ts';
import type { Run } from '../model/run.ts';
import { isOldLayout } from '../model/run-grouping.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Seeder } from '../ports/seeder.ts';

/** Dependencies of watching runs. */
export interface RunWatchPorts {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'runs' | 'tasks'>;
  readonly seeder: Seeder;
}

/** A seeder that works moves its checkpoint more often: an invocation is shorter. In milliseconds. */
const SEEDER_IS_DEAD_MS = 20 * 60 * 1000;
/** Without a task that ended for so long a run may have lost what its groups wait for, in milliseconds. */
const STANDS_STILL_MS = 60 * 60 * 1000;
/** Runs that nobody began or went on with for so long are left alone, in milliseconds. */
const FORGOTTEN_MS = 60 * 24 * 60 * 60 * 1000;

/**
 * Starts the seeder of each run that stands still; gives their ids. One whose seeder died goes on from
 * its checkpoint; in every one all lanes are begun again, so that nothing waits for a message that is
 * lost. Rejects on infrastructure errors.
 */
export async function watchRuns(ports: RunWatchPorts): Promise<readonly string[]> {
  const { ledger, seeder } = ports;
  const still: string[] = [];
  for await (const run of ledger.runs.all())
    if (await standsStill(run, ports)) still.push(run.runId);
  for (const runId of still) await seeder.wake(runId);
  return still;
}

async function standsStill(run: Run, { clock, ledger }: RunWatchPorts): Promise<boolean> {
  const { checkpoint, resumedMs, seeding, startedMs } = run;
  const now = clock.now();
  const begunMs = resumedMs ?? startedMs;
  if (isOldLayout(run) || now - begunMs > FORGOTTEN_MS) return false;
  const movedMs = Math.max(begunMs, checkpoint.movedMs ?? 0);
  if (seeding === 'open') return now - movedMs > SEEDER_IS_DEAD_MS;
  if (now - movedMs <= STANDS_STILL_MS) return false;
  const sums = await ledger.tasks.sums(run);
  return !progressOf(run, sums).ended && now - sums.updatedMs > STANDS_STILL_MS;
}
