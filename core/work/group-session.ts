import { hostOf } from '../canonical-url.ts';
import { factsOfFind } from '../find.ts';
import type { Frontier } from '../frontier.ts';
import type { Host } from '../hosts/hosts.ts';
import type { SettledResult } from '../result.ts';
import type { RequestLimits } from '../robots/fetch-robots.ts';
import type { Run } from '../run.ts';
import type { Target } from '../task.ts';
import { type AttemptPorts, attempt, type Deferral, type TargetEnd } from './attempts.ts';
import { type ClosePorts, closeTasks } from './close-tasks.ts';
import type { OpenTask, TaskEnd } from './open-task.ts';
import { recordFault } from './record-fault.ts';

/** Dependencies of GroupSession. */
export interface GroupPorts extends AttemptPorts, ClosePorts {
  readonly frontier: Frontier;
}

/** What an invocation tells its groups, and is told by them. */
export interface InvocationLimits {
  /** After this time no request of a run may begin, in milliseconds since 1970. */
  readonly notAfterMs: (run: Run) => number;
  /** Told how many targets more, or less, are under way. */
  readonly onUnderWay: (change: 1 | -1) => void;
}

/** How often a long task records how far it is, in milliseconds. */
const PROGRESS_MS = 5000;
/** A target whose turn comes sooner waits here: to send it away and back costs more, in milliseconds. */
const NEAR_MS = 4000;
/** A group that is held for longer lets its other tasks go first, in milliseconds. */
const MAX_HELD_MS = 120_000;

/**
 * The tasks of one host group that this worker has received. While one of them is out SQS gives no
 * other task of the group to anybody, so they are worked together, and what has to wait for long
 * leaves them as soon as nothing else of the group is under way.
 */
export class GroupSession {
  readonly #ports: GroupPorts;
  readonly #limits: InvocationLimits;
  readonly #tasks = new Map<OpenTask, (end: TaskEnd) => void>();
  /** Hosts that any of the tasks asked. */
  readonly #hosts = new Set<string>();
  /** Visits by run, round and URL: the second task that has a URL sees what comes of the first one's visit. */
  readonly #claimed = new Map<string, Promise<Deferral | 'settled'>>();
  #underWay = 0;
  /** Tasks that are about to begin, or are being closed. */
  #others = 0;
  /** When the first of those that wait may begin, in milliseconds since 1970. */
  #nextDueMs = Number.POSITIVE_INFINITY;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  constructor(ports: GroupPorts, limits: InvocationLimits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  /** Tasks that are not over. */
  get size(): number {
    return this.#tasks.size + this.#others;
  }

  /**
   * A task is about to begin, so that what others settle until then is known when it does: it may
   * have been recalled before. To be followed by `work` or `leave`.
   */
  enter(): void {
    this.#others += 1;
  }

  /** A task that entered does not begin. */
  leave(): void {
    this.#others -= 1;
  }

  /** Works on the open targets of a task; resolves when it is closed. Never rejects. */
  work(work: OpenTask, targets: readonly Target[]): Promise<TaskEnd> {
    return new Promise((resolve) => {
      this.#others -= 1;
      work.untilMs = this.#ports.clock.now() + MAX_HELD_MS;
      this.#tasks.set(work, resolve);
      for (const target of targets) this.#begin(work, target);
      if (targets.length === 0) void this.#close([work]);
    });
  }

  #begin(work: OpenTask, target: Target): void {
    work.underWay += 1;
    this.#underWay += 1;
    this.#limits.onUnderWay(1);
    void this.#visit(work, target)
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

  /** The first task that has a URL visits it, the others see what comes of it. */
  async #visit(work: OpenTask, target: Target): Promise<Deferral | 'settled'> {
    const claim = `${work.task.runId} ${work.task.round} ${target.url}`;
    const other = this.#claimed.get(claim);
    if (other === undefined) {
      const visited = this.#attemptAndSettle(work, target);
      this.#claimed.set(claim, visited);
      const seen = await visited;
      // One that broke stays: its result may be kept all the same, and the next delivery looks.
      if (seen !== 'settled') this.#claimed.delete(claim);
      return seen;
    }
    const seen = await other;
    // What is open there is open here too: to trust that the other task will answer for it loses
    // the target where the two are a task and its own rest, each leaving it to the other.
    if (seen !== 'settled') return { ...seen, target, tries: target.tries ?? 0 };
    work.tally.addElsewhere(1);
    return 'settled';
  }

  async #attemptAndSettle(work: OpenTask, target: Target): Promise<Deferral | 'settled'> {
    this.#noteHost(work, target);
    const end = await attempt(work, target, this.#limitsOf(work), this.#ports);
    if ('dueMs' in end) return end;
    // Nothing of it may be lost when the page is settled: a page that is settled is not read again.
    if (end.finds !== undefined) await this.#ports.frontier.extend(work.run, work.task, end.finds);
    await this.#settle(work, target, end);
    return 'settled';
  }

  #noteHost(work: OpenTask, { decided, url }: Target): void {
    if (decided !== undefined) return;
    const host = hostOf(url);
    work.hosts.add(host);
    this.#hosts.add(host);
  }

  #limitsOf(work: OpenTask): RequestLimits {
    const { run, task, lease, hosts } = work;
    const { writer, watch, ceiling } = this.#ports;
    const isCancelled = async () =>
      (await watch.read(run.runId)).cancelled || (await ceiling.isReached(run));
    const keepHost = (host: Host) => {
      hosts.add(host.name);
      this.#hosts.add(host.name);
      writer.keepHost(host, lease);
    };
    const keepHostNow = (host: Host) => {
      keepHost(host);
      return writer.hostsKept([host.name]);
    };
    return {
      notAfterMs: Math.min(work.untilMs, this.#limits.notAfterMs(run)),
      isCancelled,
      budget: { round: `${run.runId} ${task.round}`, attempts: run.settings.attempts },
      keeper: { keepHost, keepHostNow },
    };
  }

  async #settle(work: OpenTask, target: Target, end: TargetEnd): Promise<void> {
    const { clock, observer, writer } = this.#ports;
    const { runId, taskId, round } = work.task;
    const result: SettledResult = {
      runId,
      taskId,
      round,
      url: target.url,
      status: end.status,
      reason: end.reason,
      attempts: end.attempts,
      durationMs: end.durationMs,
      fetchedAt: new Date(clock.now()).toISOString(),
      ...factsOfFind(target),
      ...end.facts,
    };
    work.settling += 1;
    const kept = writer.settle(result, work.lease);
    // The last one of its task, as far as is known: nobody else would fill its batch soon.
    if (work.underWay === work.settling) writer.hurry();
    await kept.finally(() => {
      work.settling -= 1;
    });
    observer.settled(result);
    work.tally.addSettled(result);
    await this.#report(work);
  }

  /** A task that takes long records now and then how far it is. */
  async #report(work: OpenTask): Promise<void> {
    const now = this.#ports.clock.now();
    if (now - work.reportedMs < PROGRESS_MS) return;
    work.reportedMs = now;
    work.lease.check(now);
    await this.#ports.ledger.tasks.record(work.tally.progress(now, false));
  }

  async #close(works: readonly OpenTask[]): Promise<void> {
    const resolvers = works.map((work) => this.#take(work));
    if (this.#tasks.size === 0) this.#leaveHosts(works);
    try {
      await closeTasks(works, this.#ports);
      for (const resolve of resolvers) resolve({ kind: 'done' });
    } catch (error) {
      await Promise.all(works.map((work) => this.#recordFault(work)));
      for (const resolve of resolvers) resolve({ kind: 'broken', error });
    }
  }

  async #break(work: OpenTask, error: unknown): Promise<void> {
    const resolve = this.#take(work);
    await this.#recordFault(work);
    resolve({ kind: 'broken', error });
  }

  /** Nobody else closes it any more. */
  #take(work: OpenTask): (end: TaskEnd) => void {
    const resolve = this.#tasks.get(work) ?? (() => {});
    this.#tasks.delete(work);
    this.#others += 1;
    return (end) => {
      this.#others -= 1;
      resolve(end);
    };
  }

  /** The group is about to be another worker's: it has to know when hosts with a delay may be asked. */
  #leaveHosts([last]: readonly OpenTask[]): void {
    if (last === undefined) return;
    this.#ports.gate.leave(this.#hosts, this.#limitsOf(last).keeper);
  }

  #recordFault(work: OpenTask): Promise<void> {
    return recordFault(work, this.#ports, this.#ports.gate.pauseMs(work.hosts));
  }
}

/** Whether a target may begin again here, when it is due. */
function mayBeginAgain({ fault, untilMs }: OpenTask, { leaves, dueMs }: Deferral): boolean {
  return !leaves && fault === undefined && dueMs < untilMs;
}
