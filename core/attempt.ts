import { backOffMs, MAX_BACK_OFF_MS } from './back-off.ts';
import type { ByteCeiling } from './byte-ceiling.ts';
import type { Open, OpenTask } from './close-task.ts';
import type { Decided } from './find.ts';
import type { Finds } from './finds.ts';
import { verdictOf } from './outcome.ts';
import type { Observer } from './ports/observer.ts';
import type { Run } from './run.ts';
import type { RunWatch } from './run-watch.ts';
import type { Target } from './task.ts';
import type { DocumentPorts } from './tell-document.ts';
import { type Visit, type VisitEnd, visit } from './visit.ts';
import { visitDocument } from './visit-document.ts';

/** What attempts need of the world. */
export interface AttemptPorts extends DocumentPorts {
  readonly ceiling: ByteCeiling;
  readonly observer: Observer;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Kept at the end of an invocation for settling and sending, in milliseconds. */
const CLOSING_MS = 10_000;
/** A turn that comes sooner is waited for by whoever gets the task next, in milliseconds. */
const NEAR_MS = 5000;

/** How a target is to be settled. */
export type TargetEnd = Pick<VisitEnd, 'status' | 'reason' | 'facts' | 'durationMs'> & {
  readonly attempts: number;
  readonly finds?: Finds;
};

/** Attempts at the targets of one invocation. */
export class Attempts {
  readonly #ports: AttemptPorts;
  readonly #watch: RunWatch;
  readonly #deadlineMs: number;

  constructor(ports: AttemptPorts, watch: RunWatch, deadlineMs: number) {
    this.#ports = ports;
    this.#watch = watch;
    this.#deadlineMs = deadlineMs;
  }

  /** One attempt, and what the table of reasons makes of it. */
  async make(work: OpenTask, target: Target): Promise<Open | TargetEnd> {
    const { run } = work;
    const tries = triesOf(work, target);
    if (target.decided !== undefined) return decidedEnd(target.decided);
    const end = await this.#visitInTurn(work, target);
    switch (end.kind) {
      case 'cancelled':
        return { ...(await this.#stopOf(run)), attempts: tries };
      case 'refused': {
        const { status } = verdictOf(end.reason);
        return { ...end, status, attempts: tries, durationMs: 0 };
      }
      case 'cut':
        return { target, tries, waitMs: this.#waitForTurn(end.untilMs), isQuiet: false };
      case 'paused':
        return { target, tries, waitMs: end.untilMs - this.#ports.clock.now(), isQuiet: true };
      case 'ended': {
        this.#ports.ceiling.add(run, end.facts.bytes ?? 0);
        const waitMs = this.#waitBeforeNext(end, tries + 1, run);
        if (waitMs === undefined || end.reason === null) return { ...end, attempts: tries + 1 };
        this.#ports.observer.retrying(work.task, target.url, end.reason);
        return { target, tries: tries + 1, waitMs, isQuiet: end.quietMs !== undefined };
      }
    }
  }

  /**
   * A turn that is far off is not waited for by a worker: it would be cut again and again. A worker
   * that died can have reserved its host for longer than the next one has time.
   */
  #waitForTurn(untilMs: number): number {
    const waitMs = untilMs - this.#ports.clock.now();
    return waitMs < NEAR_MS ? 0 : waitMs;
  }

  #visitInTurn({ run }: OpenTask, target: Target): Promise<Visit> {
    const notAfterMs = this.#deadlineMs - CLOSING_MS - run.settings.timeoutMs;
    const isCancelled = async () =>
      (await this.#watch.read(run.runId)).cancelled || (await this.#ports.ceiling.isReached(run));
    const limits = { notAfterMs, isCancelled };
    const { kind } = target;
    const { pages: settings } = run.settings;
    return kind === undefined || settings === undefined
      ? visit(target.url, run, limits, this.#ports)
      : visitDocument({ target: { ...target, kind }, run, settings, limits }, this.#ports);
  }

  /** Why nothing more is asked for. */
  async #stopOf({ runId }: Run): Promise<typeof CANCELLED | typeof OVER_CEILING> {
    return (await this.#watch.read(runId)).cancelled ? CANCELLED : OVER_CEILING;
  }

  /** Milliseconds until the next try, or undefined when this one was the last. */
  #waitBeforeNext(end: VisitEnd, tries: number, run: Run): number | undefined {
    if (end.reason === null) return undefined;
    if (!verdictOf(end.reason).again || tries >= run.settings.attempts) return undefined;
    const waitMs = end.quietMs ?? backOffMs(tries, this.#ports.random(), end.retryAfterMs);
    // A host that wants more quiet than a run waits is not asked again: `crawl retry` may.
    return waitMs > MAX_BACK_OFF_MS ? undefined : waitMs;
  }
}

/** Attempts that were made at a target so far. */
export function triesOf({ task, memory }: OpenTask, target: Target): number {
  return memory.tries[task.targets.indexOf(target)] ?? target.tries ?? 0;
}

function decidedEnd({ reason, facts }: Decided): TargetEnd {
  const status = reason === null ? 'succeeded' : verdictOf(reason).status;
  return { status, reason, facts, attempts: 0, durationMs: 0 };
}

const CANCELLED = { status: 'skipped', reason: 'cancelled', facts: {}, durationMs: 0 } as const;
const OVER_CEILING = { ...CANCELLED, reason: 'over-ceiling' } as const;
