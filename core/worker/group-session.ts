import type { Run } from '../model/run.ts';
import type { Target, Task } from '../model/task.ts';
import type { ReceivedTask } from '../ports/task-queue.ts';
import { closeTasks } from './close-tasks.ts';
import type { Deferral } from './deferral.ts';
import { type DonePorts, DoneTasks } from './done-tasks.ts';
import { GroupHold } from './group-hold.ts';
import { type NextTaskPorts, nextTasks } from './next-tasks.ts';
import { type OpenTask, type TaskEnd, unsettled } from './open-task.ts';
import { recordFault } from './record-fault.ts';
import { TargetVisits, type VisitPorts } from './target-visits.ts';

/** Dependencies of GroupSession. */
export interface GroupPorts extends VisitPorts, DonePorts, NextTaskPorts {}

/** What an invocation tells its groups, and is told by them. */
export interface InvocationLimits {
  /** After this time no request of a run may begin, in milliseconds since 1970. */
  readonly notAfterMs: (run: Run) => number;
  /** Whether further tasks may begin. */
  readonly mayGoOn: () => boolean;
  /** Told how many targets more, or less, are under way. */
  readonly onUnderWay: (change: 1 | -1) => void;
}

/** A target whose turn comes sooner waits here: to send it away and back costs more, in milliseconds. */
const NEAR_MS = 4000;
/** A group that is held for longer lets its other tasks go first, in milliseconds. */
const MAX_HELD_MS = 120_000;
/** As long as a group is held for less, tasks of its backlog follow each other here, in milliseconds. */
const GO_ON_MS = 30_000;

/** How a message ended, with the last task that was worked on under it. */
export interface SessionEnd {
  readonly received: ReceivedTask;
  readonly end: TaskEnd;
}

type Resolve = (end: TaskEnd) => void;

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
        (seen) => seen !== 'settled' && this.#wait(work, seen),
        (error) => {
          work.fault ??= { error };
        },
      )
      .then(() => this.#targetIsOver(work));
  }

  #wait(work: OpenTask, deferral: Deferral): void {
    work.waiting.add(deferral);
    if (mayBeginAgain(work, deferral)) this.#nextDueMs = Math.min(this.#nextDueMs, deferral.dueMs);
  }

  #targetIsOver(work: OpenTask): void {
    work.underWay -= 1;
    this.#underWay -= 1;
    this.#limits.onUnderWay(-1);
    const { underWay, waiting, fault } = work;
    if (underWay === 0 && fault !== undefined) void this.#break(work, fault.error);
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

  async #break(work: OpenTask, error: unknown): Promise<void> {
    const { resolve } = this.#take(work);
    await this.#recordFault(work);
    resolve({ kind: 'broken', error });
    await this.#removeDone();
  }

  #removeDone(): Promise<void> {
    return this.#done.remove(this.#tasks.size + this.#closing === 0);
  }

  /** Nobody else closes it any more. Its message ends, or stands for the next task of its lane. */
  #take(work: OpenTask): { readonly resolve: Resolve; readonly goOn: (next: OpenTask) => void } {
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
        this.#ports.observer.taskEnded(received, undefined);
        this.#ports.observer.taskBegun(next.task);
        this.#open(next, unsettled(next), told);
      },
    };
  }

  #recordFault(work: OpenTask): Promise<void> {
    return recordFault(work, this.#ports, this.#ports.gate.pauseMs(work.hosts));
  }
}

/** Whether a target may begin again here, when it is due. */
function mayBeginAgain({ fault, untilMs }: OpenTask, { leaves, dueMs }: Deferral): boolean {
  return !leaves && fault === undefined && dueMs < untilMs;
}
