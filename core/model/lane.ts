import type { Task } from './task.ts';

/** Lanes of a group: as many of its tasks from lists are in the queue or at work. */
export const LANES = 2;

/** Where a task of the seeder stands in the backlog of its group. */
export interface LanePlace {
  readonly group: string;
  readonly lane: number;
  readonly window: number;
  /** Among the tasks of its window and lane. */
  readonly at: number;
}

/**
 * The id of a task of a window; `part` counts those of its group there. Windows begin with one lane
 * after the other: with many groups they have one task of each.
 */
export function laneTaskId(group: string, window: number, part: number): string {
  return `w${window}-${group}-${(window + part) % LANES}-${Math.floor(part / LANES)}`;
}

/** The place that a task id names; undefined for a task that was made of another or found. */
export function placeOf(taskId: string): LanePlace | undefined {
  const match = LANE_TASK.exec(taskId);
  if (match === null) return undefined;
  const [, window, group = '', lane, at] = match;
  return { group, window: Number(window), lane: Number(lane), at: Number(at) };
}

/** Whether a place is in front of another one of its lane, or the same. */
export function isUpTo(place: LanePlace, front: LanePlace): boolean {
  if (place.window !== front.window) return place.window < front.window;
  return place.at <= front.at;
}

/** The name of a lane, among those of all groups. */
export function laneOf({ group, lane }: Pick<LanePlace, 'group' | 'lane'>): string {
  return `${group}-${lane}`;
}

/** Tasks that stand in lanes. */
export function inLanes(tasks: readonly Task[]): readonly Task[] {
  return tasks.filter(({ taskId }) => placeOf(taskId) !== undefined);
}

const LANE_TASK = /^w(\d+)-(.+)-(\d+)-(\d+)$/;
