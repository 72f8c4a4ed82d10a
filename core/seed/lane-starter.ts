import { laneOf, placeOf } from '../model/lane.ts';
import { portionsOf } from '../model/portions.ts';
import type { Run } from '../model/run.ts';
import type { Task } from '../model/task.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { sendAll } from './send-next.ts';
import { wakeName } from './wake-name.ts';

/** Dependencies of beginning lanes. */
interface StarterPorts {
  readonly queue: TaskQueue;
  readonly ledger: Pick<Ledger, 'backlog' | 'tasks'>;
}

/**
 * Begins lanes that stand still. A lane goes on by itself as long as one of its tasks is open; one
 * whose tail is done waits for the first task of the next window, which is sent here.
 */
export class LaneStarter {
  readonly #ports: StarterPorts;
  /** By lane, the last task of the windows so far, as far as this seeder wrote it. */
  readonly #tails = new Map<string, string>();

  constructor(ports: StarterPorts) {
    this.#ports = ports;
  }

  /** Sends the first of these tasks of each lane that waits for it. They have to be in the backlog. */
  async begin({ runId, checkpoint, resumedMs }: Run, tasks: readonly Task[]): Promise<void> {
    const { queue } = this.#ports;
    // A window that is written again may have been sent before, and taken off the queue.
    const wake = wakeName(resumedMs);
    const firsts = firstOfLanes(tasks);
    if (checkpoint.window === 0) return sendAll([...firsts.values()], queue, wake);
    const known = [...firsts.keys()].flatMap((lane) => this.#tails.get(lane) ?? []);
    const done = await this.#ports.ledger.tasks.doneAmong(runId, known);
    const still: Task[] = [];
    const unknown = new Map<string, Task>();
    for (const [lane, task] of firsts) {
      const tail = this.#tails.get(lane);
      if (tail === undefined) unknown.set(lane, task);
      else if (done.has(tail)) still.push(task);
    }
    await sendAll([...still, ...(await this.#waitedFor(runId, unknown))], queue, wake);
  }

  /** The window with these tasks is behind the checkpoint. */
  passed(tasks: readonly Task[]): void {
    for (const { taskId } of tasks) {
      const place = placeOf(taskId);
      if (place !== undefined) this.#tails.set(laneOf(place), taskId);
    }
  }

  /** Those which are the first open ones of their lanes: what was before is done, or was never. */
  async #waitedFor(runId: string, firsts: ReadonlyMap<string, Task>): Promise<readonly Task[]> {
    const { backlog } = this.#ports.ledger;
    const tasks = [...firsts.values()];
    const groups = [...new Set(tasks.map(({ group }) => group))];
    const waiting = await Promise.all(
      portionsOf(groups, backlog.maxGroups).map((part) => backlog.waiting(runId, part)),
    );
    const ids = new Set(tasks.map(({ taskId }) => taskId));
    return waiting.flat().filter(({ taskId }) => ids.has(taskId));
  }
}

function firstOfLanes(tasks: readonly Task[]): ReadonlyMap<string, Task> {
  const firsts = new Map<string, Task>();
  for (const task of tasks) {
    const place = placeOf(task.taskId);
    if (place === undefined) continue;
    const lane = laneOf(place);
    if (!firsts.has(lane)) firsts.set(lane, task);
  }
  return firsts;
}
