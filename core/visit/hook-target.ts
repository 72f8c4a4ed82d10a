import { decodeColumns } from '../model/given-columns.ts';
import type { Target } from '../model/task.ts';
import type { HookTarget } from '../ports/hooks.ts';

/** A target as hooks are given it. */
export function hookTarget({ columnsJson, ...target }: Target): HookTarget {
  const given = columnsJson === undefined ? undefined : decodeColumns(columnsJson);
  return { ...target, columns: given?.columns, tooLong: given?.tooLong };
}
