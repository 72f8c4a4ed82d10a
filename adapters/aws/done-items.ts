import { type ItemKey, progressKey, taskKey } from '../../contract/table-keys.ts';
import { placeOf } from '../../core/model/lane.ts';
import type { Task } from '../../core/model/task.ts';
import type { Item } from './get-items.ts';
import { isDoneIn } from './progress-items.ts';

type TaskName = Pick<Task, 'runId' | 'taskId'>;

/** The progress of the groups of those tasks that stand in lanes, each once. */
export function progressKeysOf(tasks: readonly TaskName[]): readonly ItemKey[] {
  const keys = new Map<string, ItemKey>();
  for (const { runId, taskId } of tasks) {
    const place = placeOf(taskId);
    if (place === undefined) continue;
    const key = progressKey(runId, place.group);
    keys.set(key.pk, key);
  }
  return [...keys.values()];
}

/** Tells whether a task is done, by the items that were read. */
export function doneBy(items: ReadonlyMap<string, Item>): (task: TaskName) => boolean {
  return ({ runId, taskId }) => {
    const place = placeOf(taskId);
    const key = place === undefined ? taskKey(runId, taskId) : progressKey(runId, place.group);
    const item = items.get(`${key.pk} ${key.sk}`);
    return place === undefined ? item?.['done']?.BOOL === true : isDoneIn(item, place);
  };
}
