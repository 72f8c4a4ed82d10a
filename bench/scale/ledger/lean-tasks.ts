import { hostOf } from '../../../core/model/canonical-url.ts';
import type { HostRecord } from '../../../core/model/host-record.ts';
import type { TaskProgress, TaskSums } from '../../../core/model/progress.ts';
import { addCounts, type Counts, NO_COUNTS } from '../../../core/model/progress.ts';
import type { Task } from '../../../core/model/task.ts';
import type { Recollection, TaskLedger } from '../../../core/ports/ledger.ts';
import type { Table } from '../models/table.ts';
import type { HostRecords } from './host-records.ts';
import type { LeanLanes } from './lean-lanes.ts';
import type { LeanResults } from './lean-results.ts';

/** Dependencies of LeanTasks. */
export interface LeanTaskParts {
  readonly table: Table;
  readonly hosts: HostRecords;
  readonly lanes: LeanLanes;
  readonly results: LeanResults;
  /** Hosts that a target stands for. */
  readonly hostsIn: (url: string) => number;
}

/** Tasks, of which only the open ones are kept. */
export class LeanTasks implements TaskLedger {
  readonly #parts: LeanTaskParts;
  /** Made of other tasks, and not done. */
  readonly #made = new Map<string, { readonly task: Task; isRegistered: boolean }>();
  readonly #faults = new Map<string, number>();
  #counts: Counts = NO_COUNTS;
  doneTasks = 0;
  #registeredTasks = 0;
  #registeredTargets = 0;
  #elsewhere = 0;
  faults = 0;

  constructor(parts: LeanTaskParts) {
    this.#parts = parts;
  }

  /** Tasks that were made of others and are not done. */
  get open(): number {
    return this.#made.size;
  }

  async register(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      await this.#parts.table.write(`progress ${task.group}`, 3);
      if (this.#made.get(task.taskId)?.isRegistered) continue;
      this.#made.set(task.taskId, { task, isRegistered: true });
      this.#registeredTasks += 1;
      this.#registeredTargets += task.targets.length;
    }
  }

  async record({ taskId, group, done, counts, elsewhere }: TaskProgress): Promise<void> {
    const { lanes, results, table } = this.#parts;
    await table.write(`progress ${group}`, 1);
    if (!done || lanes.isDone(taskId) === true) return;
    if (!lanes.finish(taskId) && !this.#made.delete(taskId)) return;
    this.#faults.delete(taskId);
    results.taskDone(group, taskId);
    this.#counts = addCounts(this.#counts, counts);
    this.#elsewhere += elsewhere;
    this.doneTasks += 1;
  }

  async recordFault({ taskId, group }: Task, faults: number): Promise<void> {
    this.faults += 1;
    await this.#parts.table.write(`progress ${group}`, 1);
    this.#faults.set(taskId, faults);
  }

  async countSoloStart(): Promise<number> {
    throw new Error('no worker of the model dies');
  }

  async recall(tasks: readonly Task[]): Promise<Recollection> {
    const { hosts, hostsIn, lanes, table } = this.#parts;
    const urls = tasks.flatMap(({ targets }) => targets.map(({ url }) => url));
    const known = new Map<string, HostRecord>();
    // One item each: by any of its URLs.
    const byHost = new Map(urls.map((url) => [hostOf(url), url]));
    let asked = tasks.length;
    for (const [host, url] of byHost) {
      asked += hostsIn(url);
      const record = hosts.peek(host);
      if (record !== undefined) known.set(host, record);
    }
    await table.read(`recall ${tasks[0]?.taskId}`, asked);
    const memories = tasks.map(({ taskId }) => {
      const made = this.#made.get(taskId);
      const done = lanes.isDone(taskId) ?? made === undefined;
      const faults = this.#faults.get(taskId) ?? 0;
      return { soloStarts: 0, faults, registered: made?.isRegistered ?? false, done };
    });
    return { memories, hosts: known };
  }

  async doneAmong(_runId: string, taskIds: readonly string[]): Promise<ReadonlySet<string>> {
    await this.#parts.table.read(`progress ${taskIds[0]}`, taskIds.length);
    const isDone = (taskId: string) => this.#parts.lanes.isDone(taskId) ?? !this.#made.has(taskId);
    return new Set(taskIds.filter(isDone));
  }

  async sums(): Promise<TaskSums> {
    return {
      counts: this.#counts,
      elsewhere: this.#elsewhere,
      doneTasks: this.doneTasks,
      registeredTasks: this.#registeredTasks,
      registeredTargets: this.#registeredTargets,
      updatedMs: 0,
    };
  }

  async *openRegistered(): AsyncGenerator<Task> {
    for (const { task } of this.#made.values()) yield task;
  }

  async keepPoison(): Promise<void> {
    throw new Error('no message of the model is poison');
  }
}
