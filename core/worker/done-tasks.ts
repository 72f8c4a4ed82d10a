import type { Ledger } from '../ports/ledger.ts';
import type { TaskEnd } from '../ports/observer.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { GroupHold } from './group-hold.ts';
import { indexGroup } from './index-group.ts';
import type { OpenTask } from './open-task.ts';

/** Dependencies of DoneTasks. */
export interface DonePorts {
  readonly queue: TaskQueue;
  readonly ledger: Ledger;
  /** Results of a group that are in no index, from which on they are put into one. */
  readonly indexFrom: number;
}

/** A task that is done or suspended, and whose message is to be removed. */
export interface DoneTask {
  readonly work: OpenTask;
  /** Done where it is absent. */
  readonly end?: TaskEnd;
  readonly resolve: (end: TaskEnd) => void;
}

/**
 * Done tasks of one group whose messages are still in the queue. They are removed together, when no
 * task of the group is open here: until then the queue gives the group to nobody anyway.
 */
export class DoneTasks {
  readonly #ports: DonePorts;
  #done: DoneTask[] = [];

  constructor(ports: DonePorts) {
    this.#ports = ports;
  }

  add(done: readonly DoneTask[]): void {
    this.#done.push(...done);
  }

  /** Removes the messages, if there are many or the group `isOver` here. Never rejects. */
  async remove(isOver: boolean): Promise<void> {
    if (!isOver && this.#done.length < this.#ports.queue.limits.messages) return;
    const done = this.#done;
    this.#done = [];
    if (done.length === 0) return;
    if (isOver) await this.#index(new Set(done.map(({ work }) => work.hold)));
    const receipts = done.map(({ work }) => work.received.receipt);
    // A message that stays comes back by itself, and is found done or suspended again.
    await this.#ports.queue.remove(receipts).catch(() => {});
    for (const { end, resolve } of done) resolve(end ?? { kind: 'done' });
  }

  async #index(holds: ReadonlySet<GroupHold>): Promise<void> {
    const { indexFrom, ledger } = this.#ports;
    // Where it is not written, whoever holds the group next writes it.
    await Promise.allSettled([...holds].map((hold) => indexGroup(hold, indexFrom, ledger)));
  }
}
