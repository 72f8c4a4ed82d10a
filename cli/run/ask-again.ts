import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { RunProgress } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import type { Task } from '../../core/model/task.ts';
import { wakeName } from '../../core/seed/wake-name.ts';
import type { Crawler } from '../deployment/crawler.ts';
import type { RetryPlan } from './retry-plan.ts';
import { keepSeedList } from './start-run.ts';

/** Tasks sent at once. */
const PORTION = 100;

/** A run that is to be worked on again: how it stood, and what of it is asked once more. */
export interface Again {
  readonly run: Run;
  readonly progress: RunProgress;
  readonly plan: RetryPlan;
  /** File with the URLs of the plan. */
  readonly listPath: string;
}

/** No target is asked again. */
export const NO_PLAN: RetryPlan = { targets: 0, superseded: {} };

/** A file for the URLs of a plan, for the time of a job. */
export async function withListPath<T>(job: (listPath: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'crawl-'));
  try {
    return await job(join(folder, 'again'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One more round for the targets of the plan. */
export async function addRound(crawler: Crawler, again: Again): Promise<void> {
  const { run, plan, listPath } = again;
  const round = Math.max(0, ...run.lists.map((list) => list.round)) + 1;
  const file = { name: `round ${round}`, path: listPath, format: 'targets', gzip: false } as const;
  const list = await keepSeedList(crawler, run.runId, run.lists.length, round, file);
  await crawler.archive.addRetry(run, list, plan.superseded);
}

/**
 * Lets a run go on, resumed at `resumedMs` since 1970: the seeder from its checkpoint, and the tasks that
 * no list can give again, rests and singles of other tasks, by sending them once more. One that still
 * waits in its queue is worked twice, and finds its targets settled.
 */
export async function wakeRun(
  { tasks, queue, seeder }: Pick<Crawler, 'tasks' | 'queue' | 'seeder'>,
  runId: string,
  resumedMs: number,
): Promise<void> {
  const wake = wakeName(resumedMs);
  let portion: Task[] = [];
  for await (const task of tasks.openRegistered(runId)) {
    portion.push(task);
    if (portion.length < PORTION) continue;
    await queue.send(portion, wake);
    portion = [];
  }
  await queue.send(portion, wake);
  await seeder.wake(runId);
}

/** Where the results of a run that was begun before are written. */
export function outOf(run: Run, out: string | undefined, base: string): string {
  const { imagesFolder } = run.settings;
  if (out !== undefined) return resolve(base, out);
  return imagesFolder === undefined ? resolve(base, 'crawl-out', run.runId) : dirname(imagesFolder);
}
