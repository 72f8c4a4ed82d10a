import type { Task } from '../model/task.ts';
import type { TaskEnd } from '../ports/observer.ts';
import type { Delivery, TaskQueue } from '../ports/task-queue.ts';
import { sendWaiting } from '../seed/send-next.ts';
import { type AdmitPorts, type Admitted, admitTasks, type HeldTask } from './admit-tasks.ts';
import { type GivenMessages, tasksIn } from './given-messages.ts';
import type { GroupSession } from './group-session.ts';
import type { Leases } from './lease.ts';
import type { OpenTask } from './open-task.ts';
import { type FaultPorts, faultWaitMs, recordFault } from './record-fault.ts';

/** Dependencies of Admission. */
export interface AdmissionPorts extends AdmitPorts, FaultPorts {
  readonly queue: TaskQueue;
}

/** The invocation that tasks are admitted to. */
export interface Invocation {
  isOpen(task: Task): boolean;
  /** The task is open from now on, in the session of its group. */
  open(task: Task): GroupSession;
  begin(work: OpenTask): void;
  /** An open task does not begin; without an end where it was told already. */
  leave(held: HeldTask, end?: TaskEnd): void;
}

/** Takes messages in: of those that are this worker's tasks it begins each that is not done. */
export class Admission {
  readonly #ports: AdmissionPorts;
  readonly #leases: Leases;
  readonly #messages: GivenMessages;
  readonly #invocation: Invocation;

  constructor(
    ports: AdmissionPorts,
    leases: Leases,
    messages: GivenMessages,
    invocation: Invocation,
  ) {
    this.#ports = ports;
    this.#leases = leases;
    this.#messages = messages;
    this.#invocation = invocation;
  }

  /** Messages of an event: somebody else received them, and they may be another worker's by now. */
  async admitGiven(given: readonly Delivery[]): Promise<void> {
    await this.#passOnPoison(given);
    const tasks = tasksIn(given);
    if (tasks.length === 0) return;
    try {
      const leases = await this.#leases.take(tasks);
      const held = tasks.flatMap((received): HeldTask[] => {
        const lease = leases.get(received.receipt);
        if (lease !== undefined) return [{ received, lease }];
        this.#messages.end(received, { kind: 'broken', error: NOT_HELD });
        return [];
      });
      await this.#admit(held);
    } catch (error) {
      for (const received of tasks) this.#messages.end(received, { kind: 'broken', error });
    }
  }

  /** Messages that this worker received itself, at `receivedMs` since 1970. */
  async admitReceived(deliveries: readonly Delivery[], receivedMs: number): Promise<void> {
    await this.#passOnPoison(deliveries);
    const held = tasksIn(deliveries).map((received) => {
      return { received, lease: this.#leases.begin(received, receivedMs) };
    });
    await this.#admit(held);
  }

  /** Nobody will ever read it: it goes to the dead-letter queue without its group waiting for it. */
  async #passOnPoison(deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      if (delivery.kind !== 'poison') continue;
      this.#messages.poison(delivery);
      // If the queue does not answer, it goes there by itself.
      await this.#ports.queue.postpone(delivery.receipt, 0).catch(() => {});
    }
  }

  async #admit(received: readonly HeldTask[]): Promise<void> {
    const copies: HeldTask[] = [];
    const fresh = new Map<string, HeldTask>();
    for (const held of received) {
      const { task } = held.received;
      const name = `${task.runId} ${task.taskId}`;
      // A task whose id the queue has forgotten can be in it twice, and both be received at once.
      // One is worked; the other would find all targets taken, and record the task as done.
      if (fresh.has(name)) copies.push(held);
      // The lease on it ran out, and the message came back while what was begun is not over.
      else if (this.#invocation.isOpen(task)) this.#leases.end(held.lease);
      else fresh.set(name, held);
    }
    const groups = Map.groupBy(
      fresh.values(),
      ({ received: { task } }) => `${task.runId} ${task.group}`,
    );
    await Promise.all([
      ...copies.map((held) => this.#remove(held)),
      ...[...groups.values()].map((held) => this.#admitGroup(held)),
    ]);
  }

  async #admitGroup(group: readonly HeldTask[]): Promise<void> {
    const sessions = group.map(({ received }) => this.#invocation.open(received.task));
    const [session] = sessions;
    if (session === undefined) return;
    const admitted = await admitTasks(group, session, this.#ports);
    await Promise.all(
      group.map(async (held, at) => {
        const known = admitted[at];
        if (known !== undefined) await this.#begin(held, known);
      }),
    );
  }

  async #begin(held: HeldTask, admitted: Admitted): Promise<void> {
    switch (admitted.kind) {
      case 'done':
        await this.#removeDone(held);
        return this.#invocation.leave(held);
      case 'broken':
        await this.#tellFault(held, admitted);
        return this.#invocation.leave(held, admitted);
      case 'open':
        return this.#invocation.begin(admitted.work);
    }
  }

  async #tellFault(
    { received, lease }: HeldTask,
    { memory }: Extract<Admitted, { kind: 'broken' }>,
  ): Promise<void> {
    const { queue, random } = this.#ports;
    const { task, receipt } = received;
    // Where its past is not known nothing can be added to it.
    if (memory === undefined)
      await queue.postpone(receipt, faultWaitMs(received, random)).catch(() => {});
    else await recordFault({ received, task, memory, lease }, this.#ports);
  }

  /** Its worker may have died before it sent what comes next. */
  async #removeDone(held: HeldTask): Promise<void> {
    try {
      held.lease.check(this.#ports.clock.now());
      await sendWaiting(held.received.task, this.#ports);
    } catch (error) {
      // It comes back when its time is over, and the next worker sends it.
      held.lease.letGo();
      return this.#messages.end(held.received, { kind: 'broken', error });
    }
    await this.#remove(held);
  }

  async #remove({ received, lease }: HeldTask): Promise<void> {
    // A message that stays comes back by itself, and is found done.
    await this.#ports.queue.remove([received.receipt]).catch(() => {});
    this.#leases.end(lease);
    this.#messages.end(received, { kind: 'done' });
  }
}

const NOT_HELD = new Error('the message is another worker’s by now');
