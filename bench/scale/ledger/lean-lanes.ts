import { isUpTo, LANES, type LanePlace, laneOf, placeOf } from '../../../core/model/lane.ts';
import type { Task } from '../../../core/model/task.ts';

interface Kept {
  readonly place: LanePlace;
  readonly task: Task;
}

interface Lane {
  kept: Kept[];
  front: LanePlace | undefined;
}

/** Done tasks in front of a lane before they are cut off. */
const MANY_DONE = 64;

/** The lanes of one run, without the tasks that are done. */
export class LeanLanes {
  readonly #lanes = new Map<string, Lane>();
  /** Tasks that wait or are open. */
  size = 0;

  /** Tasks of a lane come in order. */
  add(task: Task): void {
    const place = placeOf(task.taskId);
    if (place === undefined) throw new Error(`${task.taskId} stands in no lane`);
    const name = laneOf(place);
    const lane = this.#lanes.get(name) ?? { kept: [], front: undefined };
    this.#lanes.set(name, lane);
    const last = lane.kept.at(-1);
    // A window that is written again is there already.
    if (last !== undefined && isUpTo(place, last.place)) return;
    lane.kept.push({ place, task });
    this.size += 1;
  }

  /** Undefined for a task that stands in no lane. */
  isDone(taskId: string): boolean | undefined {
    const place = placeOf(taskId);
    if (place === undefined) return undefined;
    const front = this.#lanes.get(laneOf(place))?.front;
    return front !== undefined && isUpTo(place, front);
  }

  after(taskId: string): Task | undefined {
    const place = placeOf(taskId);
    if (place === undefined) return undefined;
    const { kept = [] } = this.#lanes.get(laneOf(place)) ?? {};
    return kept[behind(kept, place)]?.task;
  }

  /** The first open task of each lane of a group. */
  waiting(group: string): readonly Task[] {
    return Array.from({ length: LANES }, (_, lane) => {
      const { kept = [], front } = this.#lanes.get(laneOf({ group, lane })) ?? {};
      return kept[front === undefined ? 0 : behind(kept, front)]?.task;
    }).filter((task) => task !== undefined);
  }

  /** Moves the front of a lane; false where it is no task of a lane. */
  finish(taskId: string): boolean {
    const place = placeOf(taskId);
    const lane = place && this.#lanes.get(laneOf(place));
    if (place === undefined || lane === undefined) return false;
    if (lane.front !== undefined && isUpTo(place, lane.front)) return true;
    lane.front = place;
    this.size -= 1;
    const done = behind(lane.kept, place);
    if (done >= MANY_DONE || done === lane.kept.length) lane.kept = lane.kept.slice(done);
    return true;
  }
}

/** Where the first task behind a place is. */
function behind(kept: readonly Kept[], place: LanePlace): number {
  let from = 0;
  for (let to = kept.length; from < to; ) {
    const middle = (from + to) >> 1;
    const one = kept[middle];
    if (one !== undefined && isUpTo(one.place, place)) from = middle + 1;
    else to = middle;
  }
  return from;
}
