import type { OpenTask } from './open-task.ts';
import { soloStartsOf } from './solo-starts.ts';

/**
 * Tasks that a worker may have died with. They are begun after the others and one at a time, so that
 * a task that crashes its worker takes none with it; first those that were begun least often, so that
 * it comes last the next time.
 */
export class Suspects {
  #works: readonly OpenTask[] = [];

  get size(): number {
    return this.#works.length;
  }

  add(work: OpenTask): void {
    this.#works = [...this.#works, work];
  }

  /** Takes out the next one to begin. */
  take(): OpenTask | undefined {
    const [next, ...others] = this.#works.toSorted((a, b) => startsOf(a) - startsOf(b));
    this.#works = others;
    return next;
  }
}

/**
 * Whether a worker may have died with the task: it was given out more often than it came back with
 * an error, or it was made of a dead one. It would be a fresh one in each of its lives otherwise, and
 * end worker after worker before any suspect is begun alone.
 */
export function isSuspect({ received: { task, receiveCount }, memory }: OpenTask): boolean {
  const isOfDead = task.soloStarts !== undefined && memory.faults === 0;
  return isOfDead || receiveCount - 1 - memory.faults > 0;
}

function startsOf({ task, memory }: OpenTask): number {
  return soloStartsOf(task, memory);
}
