import { MemoryDeferredQueue } from '../../adapters/memory/memory-deferred-queue.ts';
import { parseTask } from '../../contract/task-message.ts';
import type { Task } from '../../core/model/task.ts';
import type { SimProcess } from './sim-process.ts';
import type { Simulation } from './simulation.ts';

/** How long messages stay hidden that were not deleted, in milliseconds. */
const VISIBILITY_MS = 60_000;

/** What Lambda does between the deferred queue and its function: one batch after the other. */
export class DeferralService {
  readonly #sim: Simulation;
  queue = new MemoryDeferredQueue();
  #isBusy = false;

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  /** When there is something to do, in milliseconds since 1970. */
  get nextMs(): number | undefined {
    return this.#isBusy ? undefined : this.queue.nextReleaseMs();
  }

  /** Hands over what is due; false when there is nothing, or the last batch is at work. */
  take(): boolean {
    const { clock } = this.#sim;
    const due = this.#isBusy ? [] : this.queue.due(clock.now());
    if (due.length === 0) return false;
    this.#isBusy = true;
    const process = this.#sim.start('deferral');
    const tasks = due.map(({ body }) => taskOf(body));
    const ids = due.map(({ id }) => id);
    const done = this.#release(process, tasks, ids).then(() => true);
    void Promise.race([done, process.death.then(() => false)])
      .catch(() => false)
      .then((isDone) => {
        this.#sim.end(process);
        const free = () => {
          this.#isBusy = false;
        };
        if (isDone) free();
        else clock.schedule(VISIBILITY_MS, free);
      });
    return true;
  }

  /** Nothing is left of what was deferred. */
  cutPower(): void {
    this.queue = new MemoryDeferredQueue();
  }

  async #release(process: SimProcess, tasks: readonly Task[], ids: readonly number[]) {
    const { queue } = this;
    await this.#sim.portsOf(process).queue.send(tasks);
    const remove = async () => {
      for (const id of ids) queue.remove(id);
    };
    await this.#sim.wire.call(process, 'delete', [ids], remove);
  }
}

function taskOf(body: string): Task {
  const parsed = parseTask(body);
  if (parsed.kind === 'poison') throw new Error(`a task was expected: ${parsed.problem}`);
  return parsed.task;
}
