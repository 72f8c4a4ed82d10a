import type { Hosts } from '../hosts/hosts.ts';
import type { Run } from '../model/run.ts';
import { isMadeOfAnother, type Task } from '../model/task.ts';
import type { TaskEnd } from '../ports/observer.ts';
import type { Delivery } from '../ports/task-queue.ts';
import { Admission, type Invocation } from './admission.ts';
import type { HeldTask } from './admit-tasks.ts';
import { GivenMessages, type WorkedTask } from './given-messages.ts';
import type { GroupPorts } from './group-parts.ts';
import { GroupSession } from './group-session.ts';
import { Leases } from './lease.ts';
import type { Memories } from './memories.ts';
import { type OpenTask, unsettled } from './open-task.ts';
import { recordFault } from './record-fault.ts';
import { isSuspect, Suspects } from './suspects.ts';

/** Dependencies of TaskStream. */
export interface StreamPorts extends GroupPorts {
  readonly hosts: Hosts;
  readonly memories: Memories;
}

/** An earlier end than was planned, which may come at any time. */
export interface Stop {
  /** In milliseconds since 1970; infinite as long as there is none. */
  readonly deadlineMs: number;
}

/** The bounds of one invocation. */
export interface StreamLimits {
  /** Most exchanges at once. */
  readonly maxInFlight: number;
  /** How long a message stays hidden without a heartbeat, in milliseconds. */
  readonly visibilityMs: number;
  /** The end of the invocation, in milliseconds since 1970. */
  readonly deadlineMs: number;
  readonly stop?: Stop;
}

/** Requests that could be under way for each slot, before no more tasks are received. */
const DEMAND_PER_SLOT = 2;
/** Targets that are open for each slot: those of slow hosts wait without one, and take memory. */
const TARGETS_PER_SLOT = 20;
/** Tasks that are open at once: each is held by a heartbeat. */
const MAX_TASKS = 200;
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
    const messages = new GivenMessages(given, this.#ports.observer);
    const invocation = this.#invocationFor(messages);
    const admission = new Admission(this.#ports, this.#leases, messages, invocation);
    await admission.admitGiven(given);
    for (;;) {
      await this.#workSuspects(messages);
      const most = this.#mayReceive() ? this.#room() : 0;
      if (most > 0 && (await this.#receive(most, admission))) continue;
      if (this.#open.size === 0 && this.#suspects.size === 0) break;
      await this.#change(most > 0);
    }
    await this.#ports.costs.tellAll();
    return messages.ended;
  }

  #invocationFor(messages: GivenMessages): Invocation {
    return {
      isOpen: (task) => this.#open.has(nameOf(task)),
      open: (task) => {
        this.#open.add(nameOf(task));
        return this.#session(task);
      },
      begin: (work) => {
        this.#ports.costs.note(work.run.runId);
        this.#ports.observer.taskBegun(work.task);
        if (isSuspect(work)) this.#suspects.add(work);
        else void this.#work(work, messages);
      },
      leave: (held, end) => this.#leave(held, messages, end),
    };
  }

  get #deadlineMs(): number {
    const { deadlineMs, stop } = this.#limits;
    return Math.min(deadlineMs, stop?.deadlineMs ?? deadlineMs);
  }

  #mayReceive(): boolean {
    const now = this.#ports.clock.now();
    if (this.#isDraining || this.#ports.watch.isStopped) return false;
    return now < this.#deadlineMs - LAST_RECEIVE_MS;
  }

  /**
   * Messages that there is room for. Many at once where it can be: a queue fills a receive with one
   * group, which gives no more to anybody before the slowest of these is over.
   */
  #room(): number {
    const { maxInFlight } = this.#limits;
    const { messages } = this.#ports.queue.limits;
    const isBusy =
      this.#ports.hosts.demand >= DEMAND_PER_SLOT * maxInFlight ||
      this.#targets >= TARGETS_PER_SLOT * maxInFlight;
    return isBusy ? 0 : Math.max(0, Math.min(messages, MAX_TASKS - this.#open.size));
  }

  /** False when there was nothing to get. */
  async #receive(max: number, admission: Admission): Promise<boolean> {
    const { clock, queue } = this.#ports;
    const receivedMs = clock.now();
    const { visibilityMs } = this.#limits;
    // A worker with no target under way is about to end, and does not wait on the bill for more:
    // what comes later starts another invocation.
    const waitMs = this.#targets === 0 ? 0 : RECEIVE_WAIT_MS;
    try {
      const deliveries = await queue.receive({ max, waitMs, visibilityMs });
      await admission.admitReceived(deliveries, receivedMs);
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

  async #workSuspects(messages: GivenMessages): Promise<void> {
    while (this.#suspects.size > 0) {
      if (this.#open.size > this.#suspects.size) await this.#change(false);
      else await this.#workAlone(this.#suspects.take(), messages);
    }
  }

  async #workAlone(work: OpenTask | undefined, messages: GivenMessages): Promise<void> {
    if (work === undefined) return;
    try {
      work.lease.check(this.#ports.clock.now());
      await this.#ports.ledger.tasks.countSoloStart(work.task);
    } catch (error) {
      await recordFault(work, this.#ports);
      return this.#leave(work, messages, { kind: 'broken', error });
    }
    await this.#work(work, messages);
  }

  async #work(work: OpenTask, messages: GivenMessages): Promise<void> {
    const { task, lease, memory } = work;
    const { clock, ledger } = this.#ports;
    try {
      // Its maker died, or is not that far: what is settled in its name must not be lost with the queue.
      if (isMadeOfAnother(task) && !memory.registered) {
        lease.check(clock.now());
        await ledger.tasks.register([task]);
      }
    } catch (error) {
      await recordFault(work, this.#ports);
      return this.#leave(work, messages, { kind: 'broken', error });
    }
    const { received, end } = await this.#session(task).work(work, unsettled(work));
    this.#over(work, messages, undefined);
    messages.end(received, end);
  }

  /** The tasks of a group that are open together, this one among them. */
  #session({ group: name }: Task): GroupSession {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const session = new GroupSession(this.#ports, {
      notAfterMs: (run) => this.#notAfterMs(run),
      mayGoOn: () => this.#mayReceive(),
      onUnderWay: (change) => {
        this.#targets += change;
        this.#wake();
      },
    });
    this.#groups.set(name, session);
    return session;
  }

  #notAfterMs({ settings }: Run): number {
    const notAfterMs = this.#deadlineMs - CLOSING_MS - settings.timeoutMs;
    if (this.#ports.clock.now() > notAfterMs) this.#isDraining = true;
    return notAfterMs;
  }

  /** A task that entered its group and does not begin; without an end where it was told already. */
  #leave(held: HeldTask, messages: GivenMessages, end: TaskEnd | undefined): void {
    this.#session(held.received.task).leave();
    this.#over(held, messages, end);
  }

  #over({ received, lease }: HeldTask, messages: GivenMessages, end: TaskEnd | undefined): void {
    this.#leases.end(lease);
    this.#open.delete(nameOf(received.task));
    if (end !== undefined) messages.end(received, end);
    this.#forgetGroup(received.task);
    this.#wake();
  }

  /** What was learned of a group's targets holds as long as its tasks are this worker's. */
  #forgetGroup({ group }: Task): void {
    if (this.#groups.get(group)?.size === 0) this.#groups.delete(group);
  }
}

function nameOf({ runId, taskId }: Task): string {
  return `${runId} ${taskId}`;
}
