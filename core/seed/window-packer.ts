import { laneTaskId } from '../model/lane.ts';
import type { Target, Task, TaskLimits } from '../model/task.ts';
import { TaskPacker } from '../model/task-packer.ts';

/** Which window of which seeding. */
export interface SeedWindow {
  readonly runId: string;
  readonly round: number;
  readonly window: number;
}

/** Tasks of one window of the seeder. */
export function packWindow({ runId, round, window }: SeedWindow, limits: TaskLimits): TaskPacker {
  const nameOf = (group: string, part: number) => laneTaskId(group, window, part);
  return new TaskPacker({ runId, round, nameOf }, limits);
}

/** Targets of a host that follow each other before the next host has its turn. */
const TURN = 24;

/**
 * The targets of one window of the seeder, packed host by host: the targets of a host that come
 * together share its connection, its robots.txt and its record. In turns, so that a host with many
 * targets does not keep the others of its group waiting. Deterministic, as TaskPacker is.
 */
export class WindowPacker {
  readonly #groups = new Map<string, Map<string, Target[]>>();
  readonly #window: SeedWindow;
  readonly #limits: TaskLimits;

  constructor(window: SeedWindow, limits: TaskLimits) {
    this.#window = window;
    this.#limits = limits;
  }

  add(group: string, host: string, target: Target): void {
    const hosts = this.#groups.get(group) ?? new Map<string, Target[]>();
    this.#groups.set(group, hosts);
    const targets = hosts.get(host);
    if (targets === undefined) hosts.set(host, [target]);
    else targets.push(target);
  }

  /** All targets as tasks, the groups in turn as well; the packer is empty afterwards. */
  tasks(): readonly Task[] {
    const packer = packWindow(this.#window, this.#limits);
    const tasks: Task[] = [];
    for (let from = 0; this.#groups.size > 0; from += TURN) {
      for (const [group, hosts] of this.#groups) {
        for (const [host, targets] of hosts) {
          const turn = targets.slice(from, from + TURN);
          tasks.push(...turn.flatMap((target) => packer.add(group, target) ?? []));
          if (targets.length <= from + TURN) hosts.delete(host);
        }
        if (hosts.size === 0) this.#groups.delete(group);
      }
    }
    return [...tasks, ...packer.flush()];
  }
}
