import { type AttemptPorts, Attempts, type TargetEnd, triesOf } from './attempt.ts';
import { hostOf } from './canonical-url.ts';
import { type ClosePorts, closeTask, giveBack, type Open, type OpenTask } from './close-task.ts';
import { factsOfFind } from './find.ts';
import type { Frontier } from './frontier.ts';
import type { Recollection } from './ports/ledger.ts';
import type { ReceivedTask } from './ports/task-queue.ts';
import type { SettledResult } from './result.ts';
import type { RunWatch } from './run-watch.ts';
import { isSettledInRound } from './settled-in-round.ts';
import { Settler } from './settler.ts';
import { isMadeOfAnother, type Target } from './task.ts';
import { TaskTally } from './task-tally.ts';
import type { TaskEnd } from './work.ts';

/** What working a task needs of the world. */
export interface WorkPorts extends AttemptPorts, ClosePorts {
  readonly frontier: Frontier;
}

/** How often a long task tells how far it is, in milliseconds. */
const PROGRESS_MS = 2000;

/** What a visit came to: still open, or settled as soon as what it found and it itself are kept. */
interface Visited {
  readonly open?: Open;
  readonly found: Promise<void>;
  readonly kept: Promise<void>;
}

/** One invocation: the tasks of a batch together, each under the rules of its run. */
export class TaskSession {
  readonly #ports: WorkPorts;
  readonly #watch: RunWatch;
  readonly #attempts: Attempts;
  readonly #settler: Settler;
  /** The visits of this batch, by run and URL. */
  readonly #claimed = new Map<string, Promise<Visited>>();
  /** Targets of tasks whose visits are not all over. */
  #underWay = 0;

  constructor(ports: WorkPorts, watch: RunWatch, deadlineMs: number) {
    this.#ports = ports;
    this.#watch = watch;
    this.#attempts = new Attempts(ports, watch, deadlineMs);
    this.#settler = new Settler(ports.ledger.results, ports.clock);
  }

  /** Works one task. Throws when we or AWS broke; then the task is to be delivered again. */
  async work(received: ReceivedTask, { memory, settled }: Recollection): Promise<TaskEnd> {
    const { task, receipt, receiveCount } = received;
    if (memory.done) return { kind: 'done' };
    const run = await this.#watch.readForTask(task.runId);
    const waitMs = (task.notBeforeMs ?? 0) - this.#ports.clock.now();
    if (waitMs > 0 && !run.cancelled) return giveBack(task, receipt, memory, waitMs, this.#ports);
    // Its maker died, or is not that far: what is settled in its name must not be lost with the queue.
    if (isMadeOfAnother(task) && !memory.registered)
      await this.#ports.ledger.tasks.register([task]);
    const tally = new TaskTally(task);
    const endedWell = memory.returns - memory.faults;
    const delivery = receiveCount - 1 > endedWell ? receiveCount : undefined;
    const work = { task, run, memory, tally, delivery, reportedMs: this.#ports.clock.now() };
    const open = await this.#visitAll(work, this.#unsettled(work, settled));
    return closeTask(work, receipt, open, this.#ports);
  }

  /** The targets nobody has settled yet. */
  #unsettled({ task, tally }: OpenTask, settled: Recollection['settled']): readonly Target[] {
    return task.targets.filter(({ url }) => {
      const known = settled.get(url);
      if (!isSettledInRound(known, task.round)) return true;
      tally.addKnown(url, known);
      return false;
    });
  }

  /** Visits the targets side by side, settles as they end, and gives back those that stay open. */
  async #visitAll(work: OpenTask, targets: readonly Target[]): Promise<readonly Open[]> {
    const { gate, frontier } = this.#ports;
    const hosts = [...new Set(targets.filter(isAsked).map(({ url }) => hostOf(url)))];
    this.#underWay += targets.length;
    const visits = targets.map((target) => this.#visitOrFollow(work, target));
    const ends = await Promise.allSettled(visits);
    this.#underWay -= targets.length;
    const finds = ends.flatMap((end) => (end.status === 'fulfilled' ? end.value.found : []));
    // Tasks without pages leave the finds of others time to gather: full tasks are cheaper.
    if (finds.some((found) => found !== NOTHING)) await frontier.flush();
    await Promise.allSettled(finds);
    if (this.#underWay === 0) this.#settler.flush();
    else this.#settler.flushSoon();
    await allOrFirstError(ends.map(async (end) => end.status === 'fulfilled' && end.value.kept));
    const visited = await Promise.all(visits);
    await gate.leave(hosts);
    return visited.flatMap(({ open }) => open ?? []);
  }

  /** The first task of the batch that has a URL visits it, the others see what comes of it. */
  #visitOrFollow(work: OpenTask, target: Target): Promise<Visited> {
    const claim = `${work.task.runId} ${target.url}`;
    const other = this.#claimed.get(claim);
    if (other !== undefined) return this.#follow(work, target, other);
    const visited = this.#visitAndSettle(work, target);
    this.#claimed.set(claim, visited);
    return visited;
  }

  /**
   * What another task of the batch leaves open is open here too. To trust that it will answer for
   * it loses the target where the two are a task and its own rest, each leaving it to the other.
   */
  async #follow(work: OpenTask, target: Target, other: Promise<Visited>): Promise<Visited> {
    const { open, kept } = await other;
    await kept;
    if (open !== undefined) {
      return { open: { ...open, target, tries: triesOf(work, target) }, found: NOTHING, kept };
    }
    work.tally.addElsewhere(1);
    return { found: NOTHING, kept };
  }

  async #visitAndSettle(work: OpenTask, target: Target): Promise<Visited> {
    const { frontier } = this.#ports;
    const end = await this.#attempts.make(work, target);
    if ('tries' in end) return { open: end, found: NOTHING, kept: NOTHING };
    const settle = () => this.#settle(work, target, end);
    const { finds } = end;
    // Nothing of it may be lost when the page is settled: a page that is settled is not read again.
    const found = finds === undefined ? NOTHING : frontier.extend(work.run, work.task, finds);
    const kept = finds === undefined ? settle() : found.then(settle);
    for (const job of [found, kept]) job.catch(() => {}); // looked at when all visits are over
    return { found, kept };
  }

  async #settle(work: OpenTask, target: Target, end: TargetEnd): Promise<void> {
    const { url } = target;
    const { status, reason, facts, attempts, durationMs } = end;
    const { runId, taskId, round } = work.task;
    const fetchedAt = new Date(this.#ports.clock.now()).toISOString();
    const result: SettledResult = {
      ...{ runId, taskId, round, url, status, reason },
      ...{ attempts, durationMs, fetchedAt },
      ...factsOfFind(target),
      ...facts,
    };
    await this.#settler.settle(result);
    this.#ports.observer.settled(result);
    work.tally.addSettled(result);
    await this.#report(work);
  }

  /** A task that takes long says every two seconds how far it is. */
  async #report(work: OpenTask): Promise<void> {
    const now = this.#ports.clock.now();
    if (now - work.reportedMs < PROGRESS_MS) return;
    work.reportedMs = now;
    await this.#ports.ledger.tasks.record(work.tally.progress(now, false));
  }
}

/** Waits for all, whatever becomes of the others: nothing may go on behind an invocation's back. */
async function allOrFirstError<T>(jobs: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(jobs);
  return Promise.all(jobs);
}

const NOTHING = Promise.resolve();

/** Whether its host is spoken with: it brought its bytes along else. */
function isAsked({ decided }: Target): boolean {
  return decided === undefined;
}
