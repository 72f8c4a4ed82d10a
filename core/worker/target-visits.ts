import type { Frontier } from '../frontier/frontier.ts';
import type { Host } from '../hosts/hosts.ts';
import type { RequestLimits } from '../hosts/request-limits.ts';
import { validityOf } from '../memory/validity.ts';
import { hostOf } from '../model/canonical-url.ts';
import { factsOfFind } from '../model/find.ts';
import { orderOf } from '../model/host-order.ts';
import type { SettledResult } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { RunCosts } from '../seed/run-costs.ts';
import { type AttemptPorts, attempt, type Settlement } from './attempts.ts';
import type { LearnedResult } from './batch-writer.ts';
import type { ClosePorts } from './close-tasks.ts';
import type { Deferral } from './deferral.ts';
import type { OpenTask } from './open-task.ts';

/** Dependencies of TargetVisits. */
export interface VisitPorts extends AttemptPorts, ClosePorts {
  readonly frontier: Frontier;
  readonly costs: RunCosts;
}

/** What came of a visit: its result is kept, or the target is open. */
export type Seen = Deferral | 'settled' | 'suspended';

/** How often a long task records how far it is, in milliseconds. */
const PROGRESS_MS = 5000;

/** Visits to the targets of one host group, and what is written of them. */
export class TargetVisits {
  readonly #ports: VisitPorts;
  readonly #notAfterMs: (run: Run) => number;
  /** Hosts that any of the tasks asked. */
  readonly #hosts = new Set<string>();
  /** Visits by run, round and URL: the second task that has a URL sees what comes of the first one's visit. */
  readonly #claimed = new Map<string, Promise<Seen>>();

  /** After `notAfterMs` no request of a run may begin, in milliseconds since 1970. */
  constructor(ports: VisitPorts, notAfterMs: (run: Run) => number) {
    this.#ports = ports;
    this.#notAfterMs = notAfterMs;
  }

  /** The first task that has a URL visits it, the others see what comes of it. */
  async visit(work: OpenTask, target: Target): Promise<Seen> {
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
    if (seen === 'suspended') return seen;
    if (seen !== 'settled') return { ...seen, target, tries: target.tries ?? 0 };
    work.tally.addElsewhere(1);
    return 'settled';
  }

  /** The group is about to be another worker's: it has to know when hosts with a delay may be asked. */
  leaveHosts(last: OpenTask): void {
    this.#ports.gate.leave(this.#hosts, this.#limitsOf(last).keeper);
  }

  async #attemptAndSettle(work: OpenTask, target: Target): Promise<Seen> {
    this.#noteHost(work, target);
    const end = await attempt(work, target, this.#limitsOf(work), this.#ports);
    if (end === 'suspended' || 'dueMs' in end) return end;
    if (end.kept !== undefined) await this.#untilKept(work, end.kept);
    // Nothing of it may be lost when the page is settled: a page that is settled is not read again.
    if (end.finds !== undefined) await this.#ports.frontier.extend(work.run, work.task, end.finds);
    await this.#settle(work, target, end);
    return 'settled';
  }

  /** A result may refer only to what is safe: a crash in between leaves bytes that nothing refers to. */
  async #untilKept(work: OpenTask, kept: Promise<unknown>): Promise<void> {
    work.storing += 1;
    this.#hurryImages(work);
    await kept.finally(() => {
      work.storing -= 1;
    });
  }

  /** As far as is known, the task waits for nothing but its images. */
  #hurryImages({ run, storing, settling, underWay }: OpenTask): void {
    const { gate, imageStore } = this.#ports;
    if (storing > 0 && underWay === settling + storing) imageStore.hurry?.(run, gate.isIdle);
  }

  #noteHost(work: OpenTask, { decided, url }: Target): void {
    if (decided !== undefined) return;
    const host = hostOf(url);
    work.hosts.add(host);
    this.#hosts.add(host);
  }

  #limitsOf(work: OpenTask): RequestLimits {
    const { run, task, lease, hosts } = work;
    const notAfterMs = () => Math.min(work.untilMs, this.#notAfterMs(run));
    const { writer, watch, ceiling, suspension } = this.#ports;
    const isCancelled = async () =>
      (await watch.read(run.runId)).cancelled ||
      (await suspension.isSuspended(run.runId)) ||
      (await ceiling.isReached(run));
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
      // Asked each time: a worker that is to stop has less of it.
      get notAfterMs() {
        return notAfterMs();
      },
      isCancelled,
      orderFor: (host) => orderOf(watch.peek(run.runId)?.hostOrders, host),
      budget: { round: `${run.runId} ${task.round}`, attempts: run.settings.attempts },
      keeper: { keepHost, keepHostNow },
    };
  }

  async #settle(work: OpenTask, target: Target, end: Settlement): Promise<void> {
    const { clock, costs, observer, writer } = this.#ports;
    const { runId, taskId, round } = work.task;
    costs.note(runId);
    const nowMs = clock.now();
    const learned = learnedOf(work, end);
    const result: SettledResult = {
      runId,
      taskId,
      round,
      url: target.url,
      status: end.status,
      reason: end.reason,
      attempts: end.attempts,
      durationMs: end.durationMs,
      fetchedAt: new Date(nowMs).toISOString(),
      ...factsOfFind(target),
      ...end.facts,
      validity: learned && end.lesson && validityOf(end.lesson, nowMs),
    };
    work.settling += 1;
    const kept = writer.settle(result, work.lease, work.hold, learned);
    // The last one of its task, as far as is known: the task waits for nothing else.
    if (work.underWay === work.settling) writer.hurry(work.hold);
    else this.#hurryImages(work);
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
    // The others of its pack are counted in this turn, too.
    await Promise.resolve();
    work.lease.check(now);
    await this.#ports.ledger.tasks.record(work.tally.progress(now, false));
  }
}

/** What later runs are told of a target; undefined where nothing was kept, or nobody wants to know. */
function learnedOf({ past }: OpenTask, { lesson }: Settlement): LearnedResult | undefined {
  if (past === undefined || lesson === undefined) return undefined;
  return { memory: past, document: lesson.read };
}
