import { parseTask } from '../../contract/task-message.ts';
import type { Task } from '../../core/model/task.ts';
import type { SimProcess } from './sim-process.ts';
import type { SimWorld } from './sim-world.ts';

/** How long messages stay hidden that were not deleted, in milliseconds. */
const VISIBILITY_MS = 60_000;

/** What Lambda does between the deferred queue and its function: one batch after the other. */
export class DeferralService {
  readonly #world: SimWorld;
  #isBusy = false;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  /** When there is something to do, in milliseconds since 1970. */
  get nextMs(): number | undefined {
    return this.#isBusy ? undefined : this.#world.deferred.nextReleaseMs();
  }

  /** Hands over what is due; false when there is nothing, or the last batch is at work. */
  take(): boolean {
    const { clock, deferred } = this.#world;
    const due = this.#isBusy ? [] : deferred.due(clock.now());
    if (due.length === 0) return false;
    this.#isBusy = true;
    const process = this.#world.start('deferral');
    const tasks = due.map(({ body }) => taskOf(body));
    const ids = due.map(({ id }) => id);
    const done = this.#release(process, tasks, ids).then(() => true);
    void Promise.race([done, process.death.then(() => false)])
      .catch(() => false)
      .then((isDone) => {
        this.#world.end(process);
        const free = () => {
          this.#isBusy = false;
        };
        if (isDone) free();
        else clock.schedule(VISIBILITY_MS, free);
      });
    return true;
  }

  async #release(process: SimProcess, tasks: readonly Task[], ids: readonly number[]) {
    const { deferred } = this.#world;
    await this.#world.portsOf(process).queue.send(tasks);
    const remove = async () => {
      for (const id of ids) deferred.remove(id);
    };
    await this.#world.wire.call(process, 'delete', [ids], remove);
  }
}

function taskOf(body: string): Task {
  const parsed = parseTask(body);
  if (parsed.kind === 'poison') throw new Error(`a task was expected: ${parsed.problem}`);
  return parsed.task;
}
