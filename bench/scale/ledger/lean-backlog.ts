import { MAX_READS, QUEUE_LIMITS } from '../../../contract/limits.ts';
import type { Task } from '../../../core/model/task.ts';
import type { Backlog } from '../../../core/ports/ledger.ts';
import type { Table } from '../models/table.ts';
import { backlogReads, backlogWrites } from './item-sizes.ts';
import type { LeanLanes } from './lean-lanes.ts';

/** Tasks that wait for their turn, with what it takes to write and read them. */
export class LeanBacklog implements Backlog {
  readonly maxGroups = MAX_READS;
  readonly #table: Table;
  readonly #lanes: LeanLanes;
  readonly #weightOf: (url: string) => number;

  constructor(table: Table, lanes: LeanLanes, weightOf: (url: string) => number) {
    this.#table = table;
    this.#lanes = lanes;
    this.#weightOf = weightOf;
  }

  async add(tasks: readonly Task[]): Promise<void> {
    await Promise.all(
      tasks.map((task) => {
        const [urls, items] = this.#sizeOf(task);
        return this.#table.write(`backlog ${task.group}`, backlogWrites(urls, items));
      }),
    );
    for (const task of tasks) this.#lanes.add(task);
  }

  async after({ taskId }: Pick<Task, 'taskId'>): Promise<Task | undefined> {
    const next = this.#lanes.after(taskId);
    const [urls, items] = next === undefined ? [0, 1] : this.#sizeOf(next);
    await this.#table.read(`backlog ${next?.group ?? taskId}`, backlogReads(urls, items));
    return this.#lanes.after(taskId);
  }

  async waiting(_runId: string, groups: readonly string[]): Promise<readonly Task[]> {
    await Promise.all(groups.map((group) => this.#table.read(`backlog ${group}`, 2)));
    return groups.flatMap((group) => this.#lanes.waiting(group));
  }

  /** URLs of a task, and the tasks of the deployment that it stands for. */
  #sizeOf({ targets }: Task): readonly [number, number] {
    const urls = targets.reduce((sum, { url }) => sum + this.#weightOf(url), 0);
    return [urls, Math.max(1, Math.round(urls / QUEUE_LIMITS.taskTargets))];
  }
}
