import { isOverBudget } from '../model/budget.ts';
import { progressOf } from '../model/progress.ts';
import type { Run } from '../model/run.ts';
import { isOldLayout } from '../model/run-grouping.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { RunLedger } from '../ports/run-ledger.ts';
import type { Finisher, Seeder } from '../ports/seeder.ts';

/** Dependencies of watching runs. */
export interface RunWatchPorts {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'runs' | 'tasks'>;
  readonly seeder: Seeder;
  readonly finisher: Finisher;
  /** A worker lives for so long at most: what it began before a run had ended is done by then. In milliseconds. */
  readonly workerLifeMs: number;
}

/** Runs that something was done about, by their ids. */
export interface WatchedRuns {
  readonly still: readonly string[];
  readonly ended: readonly string[];
}

/** A function that works writes more often how far it has come: an invocation is shorter. In milliseconds. */
const FUNCTION_IS_DEAD_MS = 20 * 60 * 1000;
/** Without a task that ended for so long a run may have lost what its groups wait for, in milliseconds. */
const STANDS_STILL_MS = 60 * 60 * 1000;
/** Runs that nobody began or went on with for so long are left alone, in milliseconds. */
const FORGOTTEN_MS = 60 * 24 * 60 * 60 * 1000;

/**
 * Starts the seeder of each run that stands still: one whose seeder died goes on from its checkpoint; in
 * every one all lanes are begun again, so that nothing waits for a message that is lost. Starts the
 * finisher of each run that has ended. Rejects on infrastructure errors.
 */
export async function watchRuns(ports: RunWatchPorts): Promise<WatchedRuns> {
  const { ledger, seeder, finisher } = ports;
  const still: string[] = [];
  const ended: string[] = [];
  for await (const run of ledger.runs.all()) {
    const needed = await neededBy(run, ports);
    if (needed === undefined || (await hasToWait(run, needed, ledger.runs))) continue;
    if (needed === 'seeder') still.push(run.runId);
    if (needed === 'finisher') ended.push(run.runId);
  }
  for (const runId of still) await seeder.wake(runId);
  for (const runId of ended) await finisher.finish(runId);
  return { still, ended };
}

async function neededBy(
  run: Run,
  { clock, ledger, workerLifeMs }: RunWatchPorts,
): Promise<'seeder' | 'finisher' | undefined> {
  const { checkpoint, deleting, finish, resumedMs, seeding, startedMs } = run;
  const now = clock.now();
  const begunMs = resumedMs ?? startedMs;
  if (isOldLayout(run) || now - begunMs > FORGOTTEN_MS) return undefined;
  const movedMs = Math.max(begunMs, checkpoint.movedMs ?? 0);
  if (seeding === 'open') return now - movedMs > FUNCTION_IS_DEAD_MS ? 'seeder' : undefined;
  const finishing =
    finish?.sums !== undefined || now - (finish?.movedMs ?? 0) <= FUNCTION_IS_DEAD_MS;
  if (finishing || deleting === true || now - movedMs <= workerLifeMs) return undefined;
  const sums = await ledger.tasks.sums(run);
  const idleMs = now - Math.max(movedMs, sums.updatedMs);
  if (progressOf(run, sums).ended) return idleMs > workerLifeMs ? 'finisher' : undefined;
  return idleMs > STANDS_STILL_MS ? 'seeder' : undefined;
}

/** A run that stands still since it has to: a person lets it go on. */
async function hasToWait(
  run: Run,
  needed: 'seeder' | 'finisher',
  runs: RunLedger,
): Promise<boolean> {
  if ((await runs.look(run.runId)).isStopped) return true;
  return needed === 'seeder' && isOverBudget(run, await runs.cost(run.runId));
}
