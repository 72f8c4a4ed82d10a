import type { TaskMemory } from './ports/ledger.ts';
import type { Task } from './task.ts';

/** Starts alone that never ended, since the task last came back well: here or before it got its id. */
export function soloStartsOf({ soloStarts = 0 }: Task, memory: TaskMemory): number {
  return memory.returns > 0 ? memory.soloStarts : soloStarts + memory.soloStarts;
}
