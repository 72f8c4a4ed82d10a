import { hash } from 'node:crypto';
import type { Find } from './find.ts';

/** How large a task may be. */
export interface TaskLimits {
  /** Most targets of a task. */
  readonly taskTargets: number;
  /** Most bytes of a task's JSON. */
  readonly taskBytes: number;
}

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
  /** The host group; the queue gives out one task of a group at a time. */
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
 * A dead task once more, under a new id: a queue silently drops a deduplication id that it saw
 * in the last five minutes. No worker makes such an id. `delivery` counts how often the dead task was
 * taken apart: when that broke, what it made may be in the queue, and among the dead letters by now,
 * so what is made again must not have the same id.
 */
export function againOf(task: Task, targets: readonly Target[], delivery = 1): Task {
  const generation = (task.generation ?? 0) + 1;
  const isFirst = delivery === 1 && !AGAIN_LATER.test(task.taskId);
  const name = `${task.taskId.replace(AGAIN, '')}~${generation}`;
  return {
    ...task,
    taskId: isFirst ? name : `${name}${mark(task, delivery)}`,
    targets,
    generation,
  };
}

/** Each target as a task of its own, so that a poisonous one ends alone; `delivery` as above. */
export function singlesOf(task: Task, targets: readonly Target[], delivery = 1): readonly Task[] {
  const end = delivery === 1 ? '' : mark(task, delivery);
  return targets.map((target) => ({
    ...task,
    taskId: `${task.taskId}!${task.targets.findIndex(({ url }) => url === target.url)}${end}`,
    targets: [target],
    generation: 0,
    soloStarts: 0,
    faults: 0,
  }));
}

/** The ends of the ids of tasks that were sent again, and of those with a mark. */
const AGAIN = /~\d+(\.[0-9a-f]+)?$/;
const AGAIN_LATER = /~\d+\.[0-9a-f]+$/;

function mark({ taskId }: Task, delivery: number): string {
  return `.${hash('sha256', `${taskId} ${delivery}`, 'hex').slice(0, 6)}`;
}

/** Whether a task was made of another one, and not by the seeder: the ledger counts it by itself. */
export function isMadeOfAnother(task: Task): boolean {
  return task.generation !== undefined;
}
