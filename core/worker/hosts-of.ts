import { hostOf } from '../model/canonical-url.ts';
import type { Task } from '../model/task.ts';

/** The hosts that these tasks ask. */
export function hostsOf(tasks: readonly Task[]): ReadonlySet<string> {
  const targets = tasks.flatMap((task) => task.targets);
  const asked = targets.filter(({ decided }) => decided === undefined);
  return new Set(asked.map(({ url }) => hostOf(url)));
}
