import { encodeTask, parseTask } from '../../contract/task-message.ts';
import { hostOf } from '../../core/model/canonical-url.ts';
import type { HostRecord } from '../../core/model/host-record.ts';
import { isUpTo, type LanePlace, laneOf, placeOf } from '../../core/model/lane.ts';
import {
  addCounts,
  type Counts,
  NO_COUNTS,
  type TaskProgress,
  type TaskSums,
} from '../../core/model/progress.ts';
import type { Task } from '../../core/model/task.ts';
import type { Recollection, TaskLedger, TaskMemory } from '../../core/ports/ledger.ts';
import type { MemoryHostLedger } from './memory-host-ledger.ts';
import { refuseBatch } from './refuse-batch.ts';

/** A task's item as the table would hold it, with every default filled in. */
export interface TaskEntry extends TaskMemory {
  readonly runId: string;
  readonly taskId: string;
  readonly targets: number;
  readonly registered: boolean;
  readonly body?: string;
  readonly counts: Counts;
  readonly elsewhere: number;
  readonly updatedMs: number;
}

/** Tasks in memory. */
export class MemoryTaskLedger implements TaskLedger {
  readonly #entries = new Map<string, TaskEntry>();
  /** By run and lane. */
  readonly #fronts = new Map<string, LanePlace>();
  readonly #poison = new Map<string, string>();
  readonly #hosts: MemoryHostLedger;

  constructor(hosts: MemoryHostLedger) {
    this.#hosts = hosts;
  }

  async register(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      const known = this.#entry(task);
      const targets = known.targets || task.targets.length;
      this.#change(task, { registered: true, targets, body: known.body ?? encodeTask(task) });
    }
  }

  async record(progress: TaskProgress): Promise<void> {
    if (this.isDone(progress)) return;
    this.#change(progress, progress);
    const place = placeOf(progress.taskId);
    if (progress.done && place !== undefined) this.#fronts.set(laneKey(progress, place), place);
  }

  /** Of a lane all tasks up to its front are done. */
  isDone(task: Pick<Task, 'runId' | 'taskId'>): boolean {
    const place = placeOf(task.taskId);
    if (place === undefined) return this.#entry(task).done;
    const front = this.#fronts.get(laneKey(task, place));
    return front !== undefined && isUpTo(place, front);
  }

  async recordFault(task: Task, faults: number): Promise<void> {
    this.#change(task, { faults, soloStarts: 0 });
  }

  async countSoloStart(task: Task): Promise<number> {
    const soloStarts = this.#entry(task).soloStarts + 1;
    this.#change(task, { soloStarts });
    return soloStarts;
  }

  async recall(tasks: readonly Task[]): Promise<Recollection> {
    refuseBatch(tasks.map(keyOf));
    const memories = tasks.map((task): TaskMemory => {
      const { soloStarts, faults, registered } = this.#entry(task);
      return { soloStarts, faults, registered, done: this.isDone(task) };
    });
    const targets = tasks.flatMap((task) => task.targets);
    const asked = targets.filter(({ decided }) => decided === undefined);
    return { memories, hosts: this.#recordsOf(asked.map(({ url }) => url)) };
  }

  async doneAmong(runId: string, taskIds: readonly string[]): Promise<ReadonlySet<string>> {
    refuseBatch(taskIds);
    return new Set(taskIds.filter((taskId) => this.isDone({ runId, taskId })));
  }

  async *openRegistered(runId: string): AsyncGenerator<Task> {
    for (const { registered, done, body = '' } of this.all(runId)) {
      const parsed = parseTask(body);
      if (registered && !done && parsed.kind === 'task') yield parsed.task;
    }
  }

  async keepPoison(messageId: string, body: string): Promise<void> {
    this.#poison.set(messageId, body);
  }

  /** Bodies that no one could read, by message. */
  get poison(): ReadonlyMap<string, string> {
    return this.#poison;
  }

  /** What is kept of every task of a run. */
  all(runId: string): readonly TaskEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.runId === runId);
  }

  async sums({ runId }: Pick<Task, 'runId'>): Promise<TaskSums> {
    return this.sumsNow(runId);
  }

  /** The sum over a run's tasks, at once. */
  sumsNow(runId: string): TaskSums {
    const all = this.all(runId);
    const registered = all.filter((entry) => entry.registered);
    return {
      counts: all.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS),
      elsewhere: all.reduce((sum, { elsewhere }) => sum + elsewhere, 0),
      doneTasks: all.filter(({ done }) => done).length,
      registeredTasks: registered.length,
      registeredTargets: registered.reduce((sum, { targets }) => sum + targets, 0),
      updatedMs: Math.max(0, ...all.map(({ updatedMs }) => updatedMs)),
    };
  }

  #recordsOf(urls: readonly string[]): ReadonlyMap<string, HostRecord> {
    const records = new Map<string, HostRecord>();
    for (const host of new Set(urls.map(hostOf))) {
      const record = this.#hosts.record(host);
      if (record !== undefined) records.set(host, record);
    }
    return records;
  }

  #entry({ runId, taskId }: Pick<Task, 'runId' | 'taskId'>): TaskEntry {
    return this.#entries.get(keyOf({ runId, taskId })) ?? { ...EMPTY, runId, taskId };
  }

  #change(task: Pick<Task, 'runId' | 'taskId'>, change: Partial<TaskEntry>): void {
    this.#entries.set(keyOf(task), { ...this.#entry(task), ...change });
  }
}

const EMPTY = {
  targets: 0,
  registered: false,
  done: false,
  counts: NO_COUNTS,
  elsewhere: 0,
  updatedMs: 0,
  soloStarts: 0,
  faults: 0,
} as const;

function laneKey({ runId }: Pick<Task, 'runId'>, place: LanePlace): string {
  return `${runId} ${laneOf(place)}`;
}

function keyOf({ runId, taskId }: Pick<Task, 'runId' | 'taskId'>): string {
  return `${runId} ${taskId}`;
}
