import type { Target, Task } from '../model/task.ts';
import { closeTasks } from './close-tasks.ts';
import { DoneTasks } from './done-tasks.ts';
import { GroupHold } from './group-hold.ts';
import {
  GO_ON_MS,
  type GroupPorts,
  type InvocationLimits,
  MAX_HELD_MS,
  mayBeginAgain,
  NEAR_MS,
  type SessionEnd,
  type Taken,
  takeAll,
} from './group-parts.ts';
import { nextTasks } from './next-tasks.ts';
import { type OpenTask, unsettled } from './open-task.ts';
import { recordFault } from './record-fault.ts';
import { type Seen, TargetVisits } from './target-visits.ts';

/**
 * The tasks of one host group that this worker has received. While one of them is out the queue gives no
 * other task of the group to anybody, so they are worked together, and what has to wait for long
 * leaves them as soon as nothing else of the group is under way.
 */
export class GroupSession {
  readonly #ports: GroupPorts;
  readonly #limits: InvocationLimits;
  readonly #visits: TargetVisits;
  readonly #tasks = new Map<OpenTask, (end: SessionEnd) => void>();
  /** By run: what is settled in the group, as long as it is this worker's. */
  readonly #holds = new Map<string, GroupHold>();
  readonly #done: DoneTasks;
  #underWay = 0;
  /** Tasks that are being closed. */
  #closing = 0;
  /** Tasks that are about to begin, are being closed, or wait for the removal of their messages. */
  #others = 0;
  /** When the first of those that wait may begin, in milliseconds since 1970. */
  #nextDueMs = Number.POSITIVE_INFINITY;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  constructor(ports: GroupPorts, limits: InvocationLimits) {
    this.#ports = ports;
    this.#limits = limits;
    this.#visits = new TargetVisits(ports, limits.notAfterMs);
    this.#done = new DoneTasks(ports);
  }

  /** Tasks that are not over. */
  get size(): number {
    return this.#tasks.size + this.#others;
  }

  /**
   * So many tasks of a run are about to begin; each of them is followed by `work` or `leave`, also
   * where this rejects: on infrastructure errors. The group may have been another worker's since
   * tasks of it came last, so it is entered again: what was settled meanwhile is known then.
   */
  async enter({ runId, group }: Pick<Task, 'runId' | 'group'>, tasks: number): Promise<GroupHold> {
    this.#others += tasks;
    const hold = this.#holds.get(runId) ?? new GroupHold(runId, group);
    this.#holds.set(runId, hold);
    hold.learn(await this.#ports.ledger.results.enter(runId, group));
    return hold;
  }

  /** A task that entered does not begin. */
  leave(): void {
    this.#others -= 1;
  }

  /**
   * Works on the open targets of a task, and of those that follow it in its lane; resolves when the
   * last one is closed. Never rejects.
   */
  work(work: OpenTask, targets: readonly Target[]): Promise<SessionEnd> {
    return new Promise((resolve) => {
      this.#others -= 1;
      work.untilMs = this.#ports.clock.now() + MAX_HELD_MS;
      this.#open(work, targets, resolve);
    });
  }

  #open(work: OpenTask, targets: readonly Target[], resolve: (end: SessionEnd) => void): void {
    this.#tasks.set(work, resolve);
    for (const target of targets) this.#begin(work, target);
    if (targets.length === 0) void this.#close([work]);
  }

  #begin(work: OpenTask, target: Target): void {
    work.underWay += 1;
    this.#underWay += 1;
    this.#limits.onUnderWay(1);
    void this.#visits
      .visit(work, target)
      .then(
        (seen) => this.#note(work, target, seen),
        (error) => {
          work.fault ??= { error };
        },
      )
      .then(() => this.#targetIsOver(work));
  }

  #note(work: OpenTask, target: Target, seen: Seen): void {
    if (seen === 'suspended') work.suspended.add(target);
    if (typeof seen === 'string') return;
    work.waiting.add(seen);
    if (mayBeginAgain(work, seen)) this.#nextDueMs = Math.min(this.#nextDueMs, seen.dueMs);
  }

  #targetIsOver(work: OpenTask): void {
    work.underWay -= 1;
    this.#underWay -= 1;
    this.#limits.onUnderWay(-1);
    const { underWay, waiting, suspended, fault } = work;
    if (underWay === 0 && fault !== undefined) void this.#break(work, fault.error);
    else if (underWay === 0 && suspended.size > 0) void this.#suspend(work);
    else if (underWay === 0 && waiting.size === 0) void this.#close([work]);
    this.#look();
  }

  /**
   * What is due begins again. When nothing is under way or about to be, what waits leaves its tasks
   * and they are closed, so that the group goes on.
   */
  #look(): void {
    const now = this.#ports.clock.now();
    if (this.#nextDueMs <= now) this.#beginDue(now);
    const isNear = this.#nextDueMs <= now + NEAR_MS;
    if (isNear) this.#wakeAt(this.#nextDueMs);
    if (this.#underWay > 0 || isNear) return;
    const rounds = Map.groupBy(this.#tasks.keys(), ({ task }) => `${task.runId} ${task.round}`);
    for (const works of rounds.values()) void this.#close(works);
  }

  #beginDue(now: number): void {
    this.#nextDueMs = Number.POSITIVE_INFINITY;
    for (const work of this.#tasks.keys()) {
      for (const deferral of work.waiting) {
        if (!mayBeginAgain(work, deferral)) continue;
        const { target, tries, dueMs } = deferral;
        if (dueMs > now) this.#nextDueMs = Math.min(this.#nextDueMs, dueMs);
        else {
          work.waiting.delete(deferral);
          this.#begin(work, { ...target, tries });
        }
      }
    }
  }

  #wakeAt(ms: number): void {
    if (this.#wakesAtMs <= ms) return;
    this.#wakesAtMs = ms;
    void this.#ports.clock.sleep(Math.max(0, ms - this.#ports.clock.now())).then(() => {
      if (this.#wakesAtMs === ms) this.#wakesAtMs = Number.POSITIVE_INFINITY;
      this.#look();
    });
  }

  async #close(works: readonly OpenTask[]): Promise<void> {
    const taken = works.map((work) => ({ work, ...this.#take(work) }));
    const [first] = works;
    if (this.#tasks.size === 0 && first !== undefined) this.#visits.leaveHosts(first);
    this.#closing += 1;
    try {
      await closeTasks(works, this.#ports);
      const followed = await nextTasks(works, (work) => this.#goesOn(work), this.#ports);
      const nextOf = new Map(followed.map(({ work, next }) => [work, next]));
      this.#done.add(taken.filter(({ work }) => !nextOf.has(work)));
      for (const { work, goOn } of taken) {
        const next = nextOf.get(work);
        if (next !== undefined) goOn(next);
      }
    } catch (error) {
      await Promise.all(works.map((work) => this.#recordFault(work)));
      for (const { resolve } of taken) resolve({ kind: 'broken', error });
    }
    this.#closing -= 1;
    await this.#removeDone();
  }

  /** A group that is held for long lets its other tasks go first. */
  #goesOn({ lease, fault, untilMs }: OpenTask): boolean {
    const now = this.#ports.clock.now();
    const isFresh = now < untilMs - MAX_HELD_MS + GO_ON_MS;
    return isFresh && fault === undefined && lease.isHeld(now) && this.#limits.mayGoOn();
  }

  /** Its message leaves the queue, unless its run goes on by now: a resumption sends it again. */
  async #suspend(work: OpenTask): Promise<void> {
    const { suspension, writer } = this.#ports;
    const { again, resolve } = this.#take(work);
    this.#closing += 1;
    try {
      if (await suspension.isSuspendedNow(work.run.runId)) {
        if (this.#tasks.size === 0) this.#visits.leaveHosts(work);
        await writer.hostsKept([...work.hosts]);
        this.#done.add([{ work, resolve, end: { kind: 'suspended' } }]);
      } else again();
    } catch (error) {
      await this.#recordFault(work);
      resolve({ kind: 'broken', error });
    }
    this.#closing -= 1;
    await this.#removeDone();
  }

  async #break(work: OpenTask, error: unknown): Promise<void> {
    const { resolve } = this.#take(work);
    await this.#recordFault(work);
    resolve({ kind: 'broken', error });
    await this.#removeDone();
  }

  #removeDone(): Promise<void> {
    return this.#done.remove(this.#tasks.size + this.#closing === 0);
  }

  /** Nobody else closes it any more, until it goes on again. */
  #take(work: OpenTask): Taken {
    const told = this.#tasks.get(work) ?? (() => {});
    const { received } = work;
    this.#tasks.delete(work);
    this.#others += 1;
    return {
      resolve: (end) => {
        this.#others -= 1;
        told({ received, end });
      },
      goOn: (next) => {
        this.#others -= 1;
        this.#ports.observer.taskEnded(received, { kind: 'done' });
        this.#ports.observer.taskBegun(next.task);
        this.#open(next, unsettled(next), told);
      },
      again: () => {
        this.#others -= 1;
        this.#open(work, takeAll(work.suspended), told);
      },
    };
  }

  #recordFault(work: OpenTask): Promise<void> {
    return recordFault(work, this.#ports, this.#ports.gate.pauseMs(work.hosts));
  }
}
