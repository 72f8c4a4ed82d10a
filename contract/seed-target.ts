import type { Target } from '../core/model/task.ts';
import { target } from './task-message.ts';

/** One target that is asked again, as a line of a list. */
export function encodeSeedTarget(one: Target): string {
  return JSON.stringify(one);
}

/** Reads such a line; undefined when it is not one. */
export function parseSeedTarget(line: string): Target | undefined {
  try {
    return target.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
