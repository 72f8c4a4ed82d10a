import { type Counts, countResult, NO_COUNTS, type TaskProgress } from '../model/progress.ts';
import type { SettledResult } from '../model/result.ts';
import type { Task } from '../model/task.ts';
import type { KnownEnd } from './settled-in-round.ts';

/** How far one task has come, counted so that the sums of all tasks count each target once. */
export class TaskTally {
  readonly #task: Task;
  #counts: Counts = NO_COUNTS;
  #elsewhere = 0;
  /** So that a URL that is twice in the task is counted once. */
  readonly #known = new Set<string>();

  constructor(task: Task) {
    this.#task = task;
  }

  /** A target that was settled before: by an earlier delivery of this task, or by another task. */
  addKnown(url: string, { settled }: KnownEnd): void {
    const isOwn = settled?.taskId === this.#task.taskId && !this.#known.has(url);
    this.#known.add(url);
    if (isOwn && settled !== undefined) this.#counts = countResult(this.#counts, settled);
    else this.#elsewhere += 1;
  }

  addSettled(result: SettledResult): void {
    this.#counts = countResult(this.#counts, result);
  }

  /** Targets that another task answers for. */
  addElsewhere(count: number): void {
    this.#elsewhere += count;
  }

  progress(updatedMs: number, done: boolean): TaskProgress {
    const { runId, taskId, group, targets } = this.#task;
    return {
      runId,
      taskId,
      group,
      targets: targets.length,
      counts: this.#counts,
      elsewhere: this.#elsewhere,
      done,
      updatedMs,
    };
  }
}
