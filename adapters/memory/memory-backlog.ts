import { MAX_READS } from '../../contract/limits.ts';
import { encodeTask, parseTask } from '../../contract/task-message.ts';
import { isUpTo, LANES, type LanePlace, laneOf, placeOf } from '../../core/model/lane.ts';
import type { Task } from '../../core/model/task.ts';
import type { Backlog } from '../../core/ports/ledger.ts';
import type { MemoryTaskLedger } from './memory-task-ledger.ts';
import { refuseBatch } from './refuse-batch.ts';

interface Kept {
  readonly place: LanePlace;
  readonly taskId: string;
  readonly body: string;
}

/** Tasks that wait for their turn, in memory. */
export class MemoryBacklog implements Backlog {
  readonly maxGroups = MAX_READS;
  readonly #tasks: MemoryTaskLedger;
  /** By run and lane, in order. */
  readonly #lanes = new Map<string, Kept[]>();
  /** By run and id, in the order in which they came. */
  readonly #all = new Map<string, Task>();

  constructor(tasks: MemoryTaskLedger) {
    this.#tasks = tasks;
  }

  async add(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) this.#add(task);
  }

  /** All tasks that were ever added, each once. */
  all(runId: string): readonly Task[] {
    return [...this.#all.values()].filter((task) => task.runId === runId);
  }

  async after({ runId, taskId }: Pick<Task, 'runId' | 'taskId'>): Promise<Task | undefined> {
    const place = placeOf(taskId);
    if (place === undefined) return undefined;
    const lane = this.#lanes.get(`${runId} ${laneOf(place)}`) ?? [];
    return taskOf(lane[indexAfter(lane, place)]);
  }

  async waiting(runId: string, groups: readonly string[]): Promise<readonly Task[]> {
    refuseBatch(groups, this.maxGroups);
    return groups.flatMap((group) => this.#waitingOf(runId, group));
  }

  #waitingOf(runId: string, group: string): readonly Task[] {
    return Array.from({ length: LANES }, (_, lane) => {
      const kept = this.#lanes.get(`${runId} ${laneOf({ group, lane })}`) ?? [];
      return taskOf(kept.find(({ taskId }) => !this.#tasks.isDone({ runId, taskId })));
    }).filter((task) => task !== undefined);
  }

  #add(task: Task): void {
    const place = placeOf(task.taskId);
    if (place === undefined) throw new Error(`task ${task.taskId} stands in no lane`);
    this.#all.set(`${task.runId} ${task.taskId}`, task);
    const key = `${task.runId} ${laneOf(place)}`;
    const lane = this.#lanes.get(key) ?? [];
    this.#lanes.set(key, lane);
    const kept = { place, taskId: task.taskId, body: encodeTask(task) };
    const next = indexAfter(lane, place);
    const isThere = next > 0 && lane[next - 1]?.taskId === task.taskId;
    lane.splice(isThere ? next - 1 : next, isThere ? 1 : 0, kept);
  }
}

/** Where the first task behind a place is: tasks are mostly added behind all others. */
function indexAfter(lane: readonly Kept[], place: LanePlace): number {
  let from = 0;
  for (let to = lane.length; from < to; ) {
    const middle = (from + to) >> 1;
    const kept = lane[middle];
    if (kept !== undefined && isUpTo(kept.place, place)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function taskOf(kept: Kept | undefined): Task | undefined {
  if (kept === undefined) return undefined;
  const parsed = parseTask(kept.body);
  if (parsed.kind === 'poison') throw new Error(`a task was expected: ${parsed.problem}`);
  return parsed.task;
}
