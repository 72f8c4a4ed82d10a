import { portionsOf } from '../../../core/model/portions.ts';
import type { Run } from '../../../core/model/run.ts';
import type { Backlog, TaskLedger } from '../../../core/ports/ledger.ts';
import type { TaskQueue } from '../../../core/ports/task-queue.ts';
import { LaneStarter } from '../../../core/seed/lane-starter.ts';
import type { VirtualClock } from '../../../test/virtual-clock.ts';
import type { CoarseWindows } from './coarse-window.ts';

/** Tasks that are written at once, as in `core/seed/seed-window.ts`. */
const PORTION = 400;

/** Dependencies of the seeder of the model. */
export interface CoarseSeederPorts {
  readonly clock: VirtualClock;
  readonly queue: TaskQueue;
  readonly ledger: { readonly backlog: Backlog; readonly tasks: TaskLedger };
  readonly windows: CoarseWindows;
  /** URLs of the list. */
  readonly urls: number;
  readonly windowSize: number;
  /** Tasks of the deployment that one of the model stands for. */
  readonly tasksInOne: number;
  /** How fast a list is read and packed. */
  readonly urlsPerS: number;
}

/** Seeds the list window by window: written, then its lanes are begun, as `core/seed/seed.ts` does. */
export async function seedCoarse(run: Run, ports: CoarseSeederPorts): Promise<void> {
  const { clock, ledger, tasksInOne, urls, urlsPerS, windowSize, windows } = ports;
  const portionSize = Math.max(1, Math.floor(PORTION / tasksInOne));
  const starter = new LaneStarter(ports);
  for (let window = 0; window * windowSize < urls; window += 1) {
    const from = window * windowSize;
    const to = Math.min(urls, from + windowSize);
    await clock.sleep(((to - from) * 1000) / urlsPerS);
    const tasks = windows.tasks(window, windowSize / urls);
    for (const portion of portionsOf(tasks, portionSize)) await ledger.backlog.add(portion);
    await starter.begin({ ...run, checkpoint: { ...run.checkpoint, window } }, tasks);
    starter.passed(tasks);
  }
}
