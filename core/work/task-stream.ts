import { hostOf } from '../canonical-url.ts';
import type { Hosts } from '../hosts/hosts.ts';
import type { Recollection } from '../ports/ledger.ts';
import type { Delivery, ReceivedTask } from '../ports/task-queue.ts';
import type { Run } from '../run.ts';
import { isMadeOfAnother, type Target, type Task } from '../task.ts';
import { type GroupPorts, GroupSession } from './group-session.ts';
import { type Lease, Leases } from './lease.ts';
import type { OpenTask, TaskEnd } from './open-task.ts';
import { faultWaitMs, recordFault } from './record-fault.ts';
import { isSettledInRound } from './settled-in-round.ts';
import { soloStartsOf } from './solo-starts.ts';
import { TaskTally } from './task-tally.ts';

/** One message with its end. */
export interface WorkedTask {
  readonly receipt: string;
  readonly end: TaskEnd | { readonly kind: 'poison' };
}

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

/** A task that is this worker's, with what the ledger knows of it. */
interface Begun {
  readonly work: OpenTask;
  readonly known: Recollection;
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
  #suspects: Begun[] = [];
  /** Receipts of the messages that it was given: the ends of all others are nobody's to know. */
  #given: ReadonlySet<string> = new Set();
  readonly #ended: WorkedTask[] = [];
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
    this.#given = new Set(given.map(receiptOf));
    await this.#admitGiven(given);
    for (;;) {
      await this.#workSuspects();
      const most = this.#mayReceive() ? this.#room() : 0;
      if (most > 0 && (await this.#receive(most))) continue;
      if (this.#open.size === 0 && this.#suspects.length === 0) break;
      await this.#change(most > 0);
    }
    return this.#ended;
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
      const tasks = tasksIn(deliveries);
      const leases = tasks.map(
        (task) => [task.receipt, this.#leases.begin(task, receivedMs)] as const,
      );
      await this.#admit(tasks, new Map(leases));
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
      await this.#admit(
        tasks.filter(({ receipt }) => leases.has(receipt)),
        leases,
      );
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
      this.#keepEnd({ receipt, end: { kind: 'poison' } });
      // If the queue does not answer, it goes there by itself.
      await queue.postpone(receipt, 0).catch(() => {});
    }
  }

  async #admit(tasks: readonly ReceivedTask[], leases: ReadonlyMap<string, Lease>): Promise<void> {
    const names = new Set<string>();
    await Promise.all(
      tasks.map((received) => {
        const lease = leases.get(received.receipt);
        const name = nameOf(received.task);
        if (lease === undefined) return undefined;
        // A task whose id the queue has forgotten can be in it twice, and both be received at once.
        // One is worked; the other would find all targets taken, and record the task as done.
        if (names.has(name)) return this.#remove(received, lease);
        names.add(name);
        // The lease on it ran out, and the message came back while what was begun is not over.
        if (this.#open.has(name)) return this.#leases.end(lease);
        return this.#admitOne(received, lease);
      }),
    );
  }

  async #admitOne(received: ReceivedTask, lease: Lease): Promise<void> {
    const { ledger, queue, random } = this.#ports;
    const name = nameOf(received.task);
    this.#open.add(name);
    this.#group(received.task).enter();
    let known: Recollection;
    try {
      known = await ledger.tasks.recall(received.task);
    } catch (error) {
      const postponed = queue.postpone(received.receipt, faultWaitMs(received, random));
      await Promise.allSettled([postponed]);
      return this.#leave(received, lease, { kind: 'broken', error });
    }
    if (known.memory.done) {
      await this.#remove(received, lease);
      this.#open.delete(name);
      this.#group(received.task).leave();
      this.#forgetGroup(received.task);
      return;
    }
    await this.#begin(received, lease, known);
  }

  async #begin(received: ReceivedTask, lease: Lease, known: Recollection): Promise<void> {
    const { clock, watch } = this.#ports;
    const { task } = received;
    try {
      const run = await watch.readForTask(task.runId);
      this.#ports.observer.taskBegun(task);
      const work: OpenTask = {
        received,
        task,
        run,
        lease,
        memory: known.memory,
        tally: new TaskTally(task),
        underWay: 0,
        settling: 0,
        waiting: new Set(),
        hosts: new Set(),
        fault: undefined,
        reportedMs: clock.now(),
        untilMs: Number.POSITIVE_INFINITY,
      };
      if (isSuspect(work)) this.#suspects.push({ work, known });
      else void this.#work({ work, known });
    } catch (error) {
      await recordFault({ received, task, memory: known.memory, lease }, this.#ports);
      this.#leave(received, lease, { kind: 'broken', error });
    }
  }

  /**
   * Tasks that a worker may have died with: after the others and one at a time, so that a task that
   * crashes its worker takes none with it; first those that were begun least often, so that it comes
   * last the next time.
   */
  async #workSuspects(): Promise<void> {
    while (this.#suspects.length > 0) {
      if (this.#open.size > this.#suspects.length) {
        await this.#change(false);
        continue;
      }
      const inOrder = this.#suspects.toSorted((a, b) => startsOf(a) - startsOf(b));
      const [next, ...others] = inOrder;
      this.#suspects = others;
      if (next !== undefined) await this.#workAlone(next);
    }
  }

  async #workAlone(begun: Begun): Promise<void> {
    const { clock, ledger } = this.#ports;
    const { work } = begun;
    try {
      work.lease.check(clock.now());
      await ledger.tasks.countSoloStart(work.task);
    } catch (error) {
      await recordFault(work, this.#ports);
      return this.#leave(work.received, work.lease, { kind: 'broken', error });
    }
    await this.#work(begun);
  }

  async #work({ work, known }: Begun): Promise<void> {
    const { received, task, lease, memory } = work;
    const { clock, hosts, ledger } = this.#ports;
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
    const asked = task.targets.filter(({ decided }) => decided === undefined);
    hosts.learn(new Set(asked.map(({ url }) => hostOf(url))), known.hosts);
    const end = await this.#group(task).work(work, unsettled(work, known));
    this.#over(received, lease, end);
  }

  /** The tasks of a group that are open together, this one among them. */
  #group({ group: name }: Task): GroupSession {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = new GroupSession(this.#ports, {
      notAfterMs: (run) => this.#notAfterMs(run),
      onUnderWay: (change) => {
        this.#targets += change;
        this.#wake();
      },
    });
    this.#groups.set(name, group);
    return group;
  }

  #notAfterMs({ settings }: Run): number {
    const notAfterMs = this.#limits.deadlineMs - CLOSING_MS - settings.timeoutMs;
    if (this.#ports.clock.now() > notAfterMs) this.#isDraining = true;
    return notAfterMs;
  }

  async #remove(received: ReceivedTask, lease: Lease): Promise<void> {
    // A message that stays comes back by itself, and is found done.
    await this.#ports.queue.remove([received.receipt]).catch(() => {});
    this.#leases.end(lease);
    this.#end(received, { kind: 'done' });
  }

  /** A task that entered its group and does not begin. */
  #leave(received: ReceivedTask, lease: Lease, end: TaskEnd): void {
    this.#group(received.task).leave();
    this.#over(received, lease, end);
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
    this.#keepEnd({ receipt: received.receipt, end });
  }

  #keepEnd(worked: WorkedTask): void {
    if (this.#given.has(worked.receipt)) this.#ended.push(worked);
  }
}

const NOT_HELD = new Error('the message is another worker’s by now');

function nameOf({ runId, taskId }: Task): string {
  return `${runId} ${taskId}`;
}

function receiptOf(delivery: Delivery): string {
  return delivery.kind === 'task' ? delivery.received.receipt : delivery.receipt;
}

function tasksIn(deliveries: readonly Delivery[]): readonly ReceivedTask[] {
  return deliveries.flatMap((one) => (one.kind === 'task' ? one.received : []));
}

/**
 * Whether a worker may have died with the task: it was given out more often than it came back with
 * an error, or it was made of a dead one. It would be a fresh one in each of its lives otherwise, and
 * end worker after worker before any suspect is begun alone.
 */
function isSuspect({ received: { task, receiveCount }, memory }: OpenTask): boolean {
  const isOfDead = task.soloStarts !== undefined && memory.faults === 0;
  return isOfDead || receiveCount - 1 - memory.faults > 0;
}

function startsOf({ work: { task, memory } }: Begun): number {
  return soloStartsOf(task, memory);
}

/** The targets nobody has settled yet. */
function unsettled({ task, tally }: OpenTask, { settled }: Recollection): readonly Target[] {
  return task.targets.filter(({ url }) => {
    const known = settled.get(url);
    if (!isSettledInRound(known, task.round)) return true;
    tally.addKnown(url, known);
    return false;
  });
}
