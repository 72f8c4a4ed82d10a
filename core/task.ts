import type { Find } from './find.ts';

/** Most targets in a task: one BatchGetItem (100 keys) asks for all of them, their host and the task. */
export const MAX_TASK_TARGETS = 98;
/** Most bytes of a task's JSON: SQS bills each 64 KiB of payload as a request. */
export const MAX_TASK_BYTES = 60 * 1024;

/** One URL to fetch. */
export interface Target extends Find {
  /** Canonical: by it targets are compared and kept; or a `data:` URL, which is `decided`. */
  readonly url: string;
  /** Tries made before this task was cut out of another; 0 when absent. */
  readonly tries?: number;
}

/** Targets of one host group: one message. */
export interface Task {
  readonly runId: string;
  /** Deterministic in what made it, so that making it again is the same task. */
  readonly taskId: string;
  /** The host group; SQS gives out one task of a group at a time. */
  readonly group: string;
  /** 0 for the first seeding, one more for each `crawl retry`. */
  readonly round: number;
  readonly targets: readonly Target[];
  /** How often what was left of tasks became new ones; absent in a task of the seeder. */
  readonly generation?: number;
  /** Made of a dead task: its starts alone that never ended. Absent in a task nobody died with. */
  readonly soloStarts?: number;
  /** Made of a dead task: deliveries of it that ended in an infrastructure error. */
  readonly faults?: number;
}

/**
 * A dead task once more, under a new id: a FIFO queue silently drops a deduplication id that it saw
 * in the last five minutes. No worker makes such an id.
 */
export function againOf(task: Task, targets: readonly Target[]): Task {
  const generation = (task.generation ?? 0) + 1;
  const taskId = `${task.taskId.replace(/~\d+$/, '')}~${generation}`;
  return { ...task, taskId, targets, generation };
}

/** Each target as a task of its own, so that a poisonous one ends alone. */
export function singlesOf(task: Task, targets: readonly Target[]): readonly Task[] {
  return targets.map((target) => ({
    ...task,
    taskId: `${task.taskId}!${task.targets.findIndex(({ url }) => url === target.url)}`,
    targets: [target],
    generation: 0,
    soloStarts: 0,
    faults: 0,
  }));
}

/** Whether a task was made of another one, and not by the seeder: the ledger counts it by itself. */
export function isMadeOfAnother(task: Task): boolean {
  return task.generation !== undefined;
}
