import type { Target, Task, TaskLimits } from './task.ts';

/** Room kept for the fields of a task around its targets, in bytes. */
const ENVELOPE_BYTES = 512;

interface OpenGroup {
  part: number;
  bytes: number;
  targets: Target[];
}

/** What all tasks of a packer have in common, and how each is named. */
export interface Packing extends Omit<Task, 'taskId' | 'group' | 'targets'> {
  /** Deterministic in what it is given. `part` counts the tasks of a group. */
  readonly nameOf: (group: string, part: number, targets: readonly Target[]) => string;
}

/**
 * Packs targets into tasks. Deterministic: the same targets in the same order give the same tasks
 * under the same ids, so a window that is seeded twice changes nothing.
 */
export class TaskPacker {
  readonly #open = new Map<string, OpenGroup>();
  readonly #packing: Packing;
  readonly #limits: TaskLimits;

  constructor(packing: Packing, limits: TaskLimits) {
    this.#packing = packing;
    this.#limits = limits;
  }

  /** Takes a target; gives back the task that it did not fit into any more, if one is full. */
  add(group: string, target: Target): Task | undefined {
    const open = this.#open.get(group) ?? { part: 0, bytes: ENVELOPE_BYTES, targets: [] };
    this.#open.set(group, open);
    const bytes = Buffer.byteLength(JSON.stringify(target)) + 1;
    const { taskTargets, taskBytes } = this.#limits;
    const full = open.targets.length === taskTargets || open.bytes + bytes > taskBytes;
    const task = full ? this.#take(group, open) : undefined;
    open.targets.push(target);
    open.bytes += bytes;
    return task;
  }

  /** What is left, as tasks; the packer is empty afterwards. */
  flush(): readonly Task[] {
    const rest = [...this.#open].map(([group, open]) => this.#take(group, open));
    this.#open.clear();
    return rest;
  }

  #take(group: string, open: OpenGroup): Task {
    const { nameOf, ...common } = this.#packing;
    const { targets, part } = open;
    open.part += 1;
    open.targets = [];
    open.bytes = ENVELOPE_BYTES;
    return { ...common, taskId: nameOf(group, part, targets), group, targets };
  }
}
