import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { laneSums, progressItem } from '../../contract/progress-item.ts';
import { frontText } from '../../contract/table-keys.ts';
import { LANES, type LanePlace } from '../../core/model/lane.ts';
import { REASON_NAMES } from '../../core/model/outcome.ts';
import {
  addCounts,
  type Counts,
  NO_COUNTS,
  type TaskProgress,
  type TaskSums,
} from '../../core/model/progress.ts';
import type { Item } from './get-items.ts';

/** Sums of a run of which nothing is known. */
export const NO_SUMS: TaskSums = {
  counts: NO_COUNTS,
  elsewhere: 0,
  doneTasks: 0,
  registeredTasks: 0,
  registeredTargets: 0,
  updatedMs: 0,
};

/** The attribute with the front of a lane: its last task that is done, as `frontText`. */
export function frontName(lane: number): string {
  return `front${lane}`;
}

/** The attribute with how far the open task of a lane has come. */
export function openName(lane: number): string {
  return `open${lane}`;
}

/** Names of all attributes with fronts. */
export const FRONT_NAMES = Array.from({ length: LANES }, (_, lane) => frontName(lane));

/** Whether a task is done, by the progress of its group. */
export function isDoneIn(item: Item | undefined, place: LanePlace): boolean {
  const front = item?.[frontName(place.lane)]?.S;
  return front !== undefined && frontText(place) <= front;
}

/** What a task that is done adds to the sums of its group: by attribute. */
export function additionsOf({ counts, elsewhere }: TaskProgress): Readonly<Record<string, number>> {
  const { reasons, ...sums } = counts;
  const all = { ...sums, ...byAttribute(reasons), elsewhere, doneTasks: 1 };
  return Object.fromEntries(
    Object.entries(all).filter(([, count]) => count !== undefined && count !== 0),
  );
}

/** What is kept of a task of a lane that is not done. */
export function openText({ counts, elsewhere }: TaskProgress): string {
  return JSON.stringify({ counts, elsewhere });
}

/** The sums of a group, with those of its open tasks. */
export function sumsOf(item: Record<string, AttributeValue>): TaskSums {
  const attributes = unmarshall(item);
  const { elsewhere, doneTasks, registeredTasks, registeredTargets, updatedMs, ...sums } =
    progressItem.parse(attributes);
  const closed: TaskSums = {
    counts: { ...sums, reasons: reasonsOf(attributes) },
    elsewhere,
    doneTasks,
    registeredTasks,
    registeredTargets,
    updatedMs,
  };
  const open = Array.from({ length: LANES }, (_, lane) => attributes[openName(lane)]);
  return open.filter((text) => typeof text === 'string').reduce(addOpen, closed);
}

/** Two sums as one. */
export function addSums(a: TaskSums, b: TaskSums): TaskSums {
  return {
    counts: addCounts(a.counts, b.counts),
    elsewhere: a.elsewhere + b.elsewhere,
    doneTasks: a.doneTasks + b.doneTasks,
    registeredTasks: a.registeredTasks + b.registeredTasks,
    registeredTargets: a.registeredTargets + b.registeredTargets,
    updatedMs: Math.max(a.updatedMs, b.updatedMs),
  };
}

function addOpen(sums: TaskSums, text: string): TaskSums {
  const { counts, elsewhere } = laneSums.parse(JSON.parse(text));
  return addSums(sums, { ...NO_SUMS, counts, elsewhere });
}

/** Of a map only all of it could be written: a number of its own is added to. */
function byAttribute(reasons: Counts['reasons']): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(reasons).map(([reason, count]) => [`reason-${reason}`, count]),
  );
}

function reasonsOf(attributes: Readonly<Record<string, unknown>>): Counts['reasons'] {
  const reasons: Partial<Record<(typeof REASON_NAMES)[number], number>> = {};
  for (const reason of REASON_NAMES) {
    const count = attributes[`reason-${reason}`];
    if (typeof count === 'number' && count > 0) reasons[reason] = count;
  }
  return reasons;
}
