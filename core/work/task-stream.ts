import type { Hosts } from '../hosts/hosts.ts';
import type { Delivery, ReceivedTask } from '../ports/task-queue.ts';
import type { Run } from '../run.ts';
import { isMadeOfAnother, type Target, type Task } from '../task.ts';
import { type Admitted, admitTasks, type HeldTask } from './admit-tasks.ts';
import { GivenMessages, tasksIn, type WorkedTask } from './given-messages.ts';
import { type GroupPorts, GroupSession } from './group-session.ts';
import { type Lease, Leases } from './lease.ts';
import type { OpenTask, TaskEnd } from './open-task.ts';
import { faultWaitMs, recordFault } from './record-fault.ts';
import { isSettledInRound } from './settled-in-round.ts';
import { isSuspect, Suspects } from './suspects.ts';

/** Dependencies of TaskStream. */
export interface StreamPorts extends GroupPorts {
  readonly hosts: Hosts;
}

/** The bounds of one invocation. */
export interface StreamLimits {
  /** Most exchanges at once. */
  readonly maxInFlight: number;
  /** How long a message stays hidden without a heartbeat, in milliseconds. */
  readonly visibilityMs: number;
  /** The end of the invocation, in milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** Requests that could be under way for each slot, before no more tasks are received. */
const DEMAND_PER_SLOT = 2;
/** Targets that are open for each slot: those of slow hosts wait without one, and take memory. */
const TARGETS_PER_SLOT = 20;
/** Tasks that are open at once: each is held by a heartbeat. */
const MAX_TASKS = 200;
/** Most messages of one receive. */
const MAX_MESSAGES = 10;
/** How long a receive waits for messages, in milliseconds. */
const RECEIVE_WAIT_MS = 1000;
/** After an empty receive the next one is due when a task ends, or after so long, in milliseconds. */
const EMPTY_PAUSE_MS = 4000;
/** Kept at the end of an invocation for settling and sending, in milliseconds. */
const CLOSING_MS = 10_000;
/** Nothing is received so near to the deadline, in milliseconds. */
const LAST_RECEIVE_MS = 60_000;

/**
 * One invocation of a worker: a stream of tasks. Tasks of many groups and hosts share one event
 * loop; as soon as there is room another one is received, and each is closed when it is done. A slow
 * target holds one slot.
 */
export class TaskStream {
  readonly #ports: StreamPorts;
  readonly #limits: StreamLimits;
  readonly #leases: Leases;
  readonly #groups = new Map<string, GroupSession>();
  /** Tasks that are open, by run and id. */
  readonly #open = new Set<string>();
  readonly #suspects = new Suspects();
  #given = new GivenMessages([]);
  #targets = 0;
  /** Time is nearly over: what is begun now would be cut. */
  #isDraining = false;
  #wake: () => void = () => {};

  constructor(ports: StreamPorts, limits: StreamLimits) {
    this.#ports = ports;
    this.#limits = limits;
    this.#leases = new Leases(ports, limits.visibilityMs, limits.deadlineMs);
  }

  /** Works until nothing is left, or time is. */
  async run(given: readonly Delivery[]): Promise<readonly WorkedTask[]> {
    this.#given = new GivenMessages(given);
    await this.#admitGiven(given);
    for (;;) {
      await this.#workSuspects();
      const most = this.#mayReceive() ? this.#room() : 0;
      if (most > 0 && (await this.#receive(most))) continue;
      if (this.#open.size === 0 && this.#suspects.size === 0) break;
      await this.#change(most > 0);
    }
    return this.#given.ended;
  }

  #mayReceive(): boolean {
    const now = this.#ports.clock.now();
    return !this.#isDraining && now < this.#limits.deadlineMs - LAST_RECEIVE_MS;
  }

  /**
   * Messages that there is room for. Ten at once where it can be: SQS fills a receive with one group,
   * which gives no more to anybody before the slowest of these is over.
   */
  #room(): number {
    const { maxInFlight } = this.#limits;
    const isBusy =
      this.#ports.hosts.demand >= DEMAND_PER_SLOT * maxInFlight ||
      this.#targets >= TARGETS_PER_SLOT * maxInFlight;
    return isBusy ? 0 : Math.max(0, Math.min(MAX_MESSAGES, MAX_TASKS - this.#open.size));
  }

  /** False when there was nothing to get. */
  async #receive(max: number): Promise<boolean> {
    const { clock, queue } = this.#ports;
    const receivedMs = clock.now();
    const { visibilityMs } = this.#limits;
    try {
      const deliveries = await queue.receive({ max, waitMs: RECEIVE_WAIT_MS, visibilityMs });
      await this.#passOnPoison(deliveries);
      const held = tasksIn(deliveries).map((received) => {
        return { received, lease: this.#leases.begin(received, receivedMs) };
      });
      await this.#admit(held);
      return deliveries.length > 0;
    } catch (error) {
      // What is open goes on; what waits in the queue is received when it answers again.
      this.#ports.observer.receiveFailed(error);
      return false;
    }
  }

  /** Resolves when a target or a task is over, or after a while. */
  async #change(isEmpty: boolean): Promise<void> {
    const changed = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const pause = isEmpty ? [this.#ports.clock.sleep(EMPTY_PAUSE_MS)] : [];
    await Promise.race([changed, ...pause]);
  }

  async #admitGiven(given: readonly Delivery[]): Promise<void> {
    await this.#passOnPoison(given);
    const tasks = tasksIn(given);
    if (tasks.length === 0) return;
    try {
      const leases = await this.#leases.take(tasks);
      const lost = tasks.filter(({ receipt }) => !leases.has(receipt));
      for (const received of lost) this.#end(received, { kind: 'broken', error: NOT_HELD });
      await this.#admit(tasks.flatMap((received) => heldBy(received, leases)));
    } catch (error) {
      for (const received of tasks) this.#end(received, { kind: 'broken', error });
    }
  }

  /** Nobody will ever read it: it goes to the dead-letter queue without its group waiting for it. */
  async #passOnPoison(deliveries: readonly Delivery[]): Promise<void> {
    const { queue, observer } = this.#ports;
    for (const delivery of deliveries) {
      if (delivery.kind !== 'poison') continue;
      const { messageId, receipt, problem } = delivery;
      observer.poison(messageId, problem);
      this.#given.keepEnd({ receipt, end: { kind: 'poison' } });
      // If the queue does not answer, it goes there by itself.
      await queue.postpone(receipt, 0).catch(() => {});
    }
  }

  async #admit(received: readonly HeldTask[]): Promise<void> {
    const copies: HeldTask[] = [];
    const names = new Set<string>();
    const fresh = received.filter((held) => {
      const name = nameOf(held.received.task);
      // A task whose id the queue has forgotten can be in it twice, and both be received at once.
      // One is worked; the other would find all targets taken, and record the task as done.
      if (names.has(name)) copies.push(held);
      // The lease on it ran out, and the message came back while what was begun is not over.
      else if (this.#open.has(name)) this.#leases.end(held.lease);
      else {
        names.add(name);
        return true;
      }
      names.add(name);
      return false;
    });
    const groups = Map.groupBy(fresh, ({ received: { task } }) => `${task.runId} ${task.group}`);
    await Promise.all([
      ...copies.map((held) => this.#removeDone(held)),
      ...[...groups.values()].map((held) => this.#admitGroup(held)),
    ]);
  }

  async #admitGroup(held: readonly HeldTask[]): Promise<void> {
    const [first] = held;
    if (first === undefined) return;
    for (const { received } of held) this.#open.add(nameOf(received.task));
    const session = this.#session(first.received.task);
    const admitted = await admitTasks(held, session, this.#ports);
    await Promise.all(
      held.map((one, at) => {
        const known = admitted[at];
        return known === undefined ? undefined : this.#begin(one, known);
      }),
    );
  }

  async #begin(held: HeldTask, admitted: Admitted): Promise<void> {
    const { received, lease } = held;
    switch (admitted.kind) {
      case 'done':
        await this.#removeDone(held);
        return this.#forget(received.task);
      case 'broken':
        await this.#tellFault(held, admitted);
        return this.#leave(received, lease, admitted);
      case 'open': {
        const { work } = admitted;
        this.#ports.observer.taskBegun(work.task);
        if (isSuspect(work)) this.#suspects.add(work);
        else void this.#work(work);
      }
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

  async #workSuspects(): Promise<void> {
    while (this.#suspects.size > 0) {
      if (this.#open.size > this.#suspects.size) await this.#change(false);
      else await this.#workAlone(this.#suspects.take());
    }
  }

  async #workAlone(work: OpenTask | undefined): Promise<void> {
    if (work === undefined) return;
    try {
      work.lease.check(this.#ports.clock.now());
      await this.#ports.ledger.tasks.countSoloStart(work.task);
    } catch (error) {
      await recordFault(work, this.#ports);
      return this.#leave(work.received, work.lease, { kind: 'broken', error });
    }
    await this.#work(work);
  }

  async #work(work: OpenTask): Promise<void> {
    const { received, task, lease, memory } = work;
    const { clock, ledger } = this.#ports;
    try {
      // Its maker died, or is not that far: what is settled in its name must not be lost with the queue.
      if (isMadeOfAnother(task) && !memory.registered) {
        lease.check(clock.now());
        await ledger.tasks.register([task]);
      }
    } catch (error) {
      await recordFault(work, this.#ports);
      return this.#leave(received, lease, { kind: 'broken', error });
    }
    this.#over(received, lease, await this.#session(task).work(work, unsettled(work)));
  }

  /** The tasks of a group that are open together, this one among them. */
  #session({ group: name }: Task): GroupSession {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const session = new GroupSession(this.#ports, {
      notAfterMs: (run) => this.#notAfterMs(run),
      onUnderWay: (change) => {
        this.#targets += change;
        this.#wake();
      },
    });
    this.#groups.set(name, session);
    return session;
  }

  #notAfterMs({ settings }: Run): number {
    const notAfterMs = this.#limits.deadlineMs - CLOSING_MS - settings.timeoutMs;
    if (this.#ports.clock.now() > notAfterMs) this.#isDraining = true;
    return notAfterMs;
  }

  async #removeDone({ received, lease }: HeldTask): Promise<void> {
    // A message that stays comes back by itself, and is found done.
    await this.#ports.queue.remove([received.receipt]).catch(() => {});
    this.#leases.end(lease);
    this.#end(received, { kind: 'done' });
  }

  /** A task that entered its group and does not begin. */
  #leave(received: ReceivedTask, lease: Lease, end: TaskEnd): void {
    this.#session(received.task).leave();
    this.#over(received, lease, end);
  }

  /** A task that entered its group and was done before. */
  #forget(task: Task): void {
    this.#open.delete(nameOf(task));
    this.#session(task).leave();
    this.#forgetGroup(task);
  }

  #over(received: ReceivedTask, lease: Lease, end: TaskEnd): void {
    this.#leases.end(lease);
    this.#open.delete(nameOf(received.task));
    this.#end(received, end);
    this.#forgetGroup(received.task);
    this.#wake();
  }

  /** What was learned of a group's targets holds as long as its tasks are this worker's. */
  #forgetGroup({ group }: Task): void {
    if (this.#groups.get(group)?.size === 0) this.#groups.delete(group);
  }

  #end(received: ReceivedTask, end: TaskEnd): void {
    this.#ports.observer.taskEnded(received, end.kind === 'broken' ? end : undefined);
    this.#given.keepEnd({ receipt: received.receipt, end });
  }
}

const NOT_HELD = new Error('the message is another worker’s by now');

function nameOf({ runId, taskId }: Task): string {
  return `${runId} ${taskId}`;
}

function heldBy(received: ReceivedTask, leases: ReadonlyMap<string, Lease>): readonly HeldTask[] {
  const lease = leases.get(received.receipt);
  return lease === undefined ? [] : [{ received, lease }];
}

/** The targets nobody has settled yet. */
function unsettled({ task, tally, hold }: OpenTask): readonly Target[] {
  return task.targets.filter(({ url }) => {
    const known = hold.find(url);
    if (!isSettledInRound(known, task.round)) return true;
    tally.addKnown(url, known);
    return false;
  });
}
