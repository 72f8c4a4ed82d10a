import type { Task } from '../model/task.ts';
import type { TaskMemory } from '../ports/ledger.ts';

/** Starts alone that never ended, since the task last came back well: here or before it got its id. */
export function soloStartsOf({ soloStarts = 0 }: Task, memory: TaskMemory): number {
  return memory.faults > 0 ? memory.soloStarts : soloStarts + memory.soloStarts;
}

/** Deliveries that ended in a fault of ours, here or before the task got its id. */
export function faultsOf({ faults = 0 }: Task, memory: TaskMemory): number {
  return faults + memory.faults;
}
