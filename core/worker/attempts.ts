import { backOffMs, MAX_BACK_OFF_MS } from '../hosts/back-off.ts';
import { isStopped, type RequestLimits } from '../hosts/request-limits.ts';
import type { GroupMemory } from '../memory/group-memory.ts';
import { hostOf } from '../model/canonical-url.ts';
import type { Decided } from '../model/find.ts';
import { STOPPED } from '../model/host-order.ts';
import { type Reason, verdictOf } from '../model/outcome.ts';
import { requestUrlOf } from '../model/request-url.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { EarlierImages } from '../ports/images.ts';
import type { Observer } from '../ports/observer.ts';
import { credentialIn } from '../visit/credential-url.ts';
import type { VisitMemory } from '../visit/kept-image.ts';
import type { DocumentPorts } from '../visit/tell-document.ts';
import { visit } from '../visit/visit.ts';
import { visitDocument } from '../visit/visit-document.ts';
import type { NotAsked, VisitOutcome } from '../visit/visit-outcome.ts';
import type { ByteCeiling } from './byte-ceiling.ts';
import type { Deferral } from './deferral.ts';
import type { OpenTask } from './open-task.ts';
import type { RunWatch } from './run-watch.ts';
import type { Suspension } from './suspension.ts';

/** Dependencies of attempts. */
export interface AttemptPorts extends DocumentPorts {
  readonly ceiling: ByteCeiling;
  readonly observer: Observer;
  readonly watch: RunWatch;
  readonly suspension: Suspension;
  readonly earlierImages: EarlierImages;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** How a target is settled. */
export interface Settlement
  extends Pick<
    VisitOutcome,
    'status' | 'reason' | 'facts' | 'durationMs' | 'finds' | 'lesson' | 'kept'
  > {
  readonly attempts: number;
}

/** One attempt at a target of a task, and what the table of reasons makes of it. */
export async function attempt(
  { task, run, past }: OpenTask,
  target: Target,
  limits: RequestLimits,
  ports: AttemptPorts,
): Promise<Deferral | Settlement | 'suspended'> {
  const { clock, ceiling, observer, random, suspension } = ports;
  const tries = target.tries ?? 0;
  if (target.decided !== undefined) return decidedEnd(target.decided);
  const credential = credentialOf(target, run);
  if (credential !== undefined)
    return skippedBy({ reason: 'credential-url', detail: credential }, tries);
  if (await suspension.isSuspended(task.runId)) return 'suspended';
  const memory =
    past && mayRecall(target, run) ? await visitMemory(target, run, past, ports) : undefined;
  const end = await visitTarget(target, run, limits, ports, memory);
  switch (end.kind) {
    case 'cancelled':
      return stopOf(run, tries, ports);
    case 'refused': {
      const { status } = verdictOf(end.reason);
      return { ...end, status, attempts: tries, durationMs: 0 };
    }
    case 'cut':
    case 'paused':
      // What waits for its host need not wait for the end of a pause to be skipped.
      if (await limits.isCancelled()) return stopOf(run, tries, ports);
      if (isStopped(target.url, limits)) return skippedBy(STOPPED, tries);
      return {
        target,
        tries,
        dueMs: end.untilMs,
        leaves: end.kind === 'cut' || !isProven(target, ports),
      };
    case 'ended': {
      if (end.reason === 'known') return { ...end, attempts: tries };
      if (end.lesson?.isLoaded !== false) ceiling.add(run, end.facts.bytes ?? 0);
      const waitMs = waitBeforeNext(end, tries + 1, run, random);
      if (waitMs === undefined || end.reason === null) return { ...end, attempts: tries + 1 };
      observer.retrying(task, target.url, end.reason);
      const dueMs = clock.now() + waitMs;
      return { target, tries: tries + 1, dueMs, leaves: !isProven(target, ports) };
    }
  }
}

/** A wanted hash is one of bytes: they are asked for again. */
function mayRecall({ expectedHash }: Target, { settings }: Run): boolean {
  return settings.imageWork === undefined && expectedHash === undefined;
}

/** What the URL of a target holds that was made for somebody; undefined where that is no matter. */
function credentialOf(target: Target, { settings }: Run): string | undefined {
  return settings.credentialUrls === true ? undefined : credentialIn(requestUrlOf(target));
}

function skippedBy(
  { reason, detail }: { readonly reason: Reason; readonly detail: string },
  attempts: number,
): Settlement {
  const { status } = verdictOf(reason);
  return { status, reason, facts: { detail }, attempts, durationMs: 0 };
}

function isProven({ url }: Target, { gate }: AttemptPorts): boolean {
  return gate.isProven(hostOf(url));
}

function visitTarget(
  target: Target,
  run: Run,
  limits: RequestLimits,
  ports: AttemptPorts,
  memory: VisitMemory | undefined,
): Promise<VisitOutcome | NotAsked> {
  const { kind } = target;
  const { pages: settings } = run.settings;
  return kind === undefined || settings === undefined
    ? visit(target, run, limits, ports, memory)
    : visitDocument({ target: { ...target, kind }, run, settings, limits }, ports, memory);
}

/** What earlier runs know of a target. Rejects on infrastructure errors. */
async function visitMemory(
  { url }: Target,
  { settings }: Run,
  memory: GroupMemory,
  { earlierImages }: AttemptPorts,
): Promise<VisitMemory> {
  const known = await memory.recall(url);
  // An archive refers to what another one has, and not to what was only kept.
  const isUsable = settings.archive !== true || known?.remembered.archived !== undefined;
  const past = isUsable ? known : undefined;
  return { past, images: earlierImages, roots: memory.roots };
}

/** Why nothing more is asked for; a run that goes on by now is one that was suspended. */
async function stopOf(
  run: Run,
  attempts: number,
  { ceiling, watch }: AttemptPorts,
): Promise<Settlement | 'suspended'> {
  if ((await watch.read(run.runId)).cancelled) return { ...CANCELLED, attempts };
  return (await ceiling.isReached(run)) ? { ...OVER_CEILING, attempts } : 'suspended';
}

/** Milliseconds until the next attempt, or undefined when this one was the last. */
function waitBeforeNext(
  end: VisitOutcome,
  tries: number,
  run: Run,
  random: () => number,
): number | undefined {
  if (end.reason === null) return undefined;
  if (!verdictOf(end.reason).again || tries >= run.settings.attempts) return undefined;
  const waitMs = end.pauseMs ?? backOffMs(tries, random(), end.retryAfterMs);
  // A host that wants a longer pause than a run waits is not asked again: `crawl retry` may.
  return waitMs > MAX_BACK_OFF_MS ? undefined : waitMs;
}

function decidedEnd({ reason, facts }: Decided): Settlement {
  const status = reason === null ? 'succeeded' : verdictOf(reason).status;
  return { status, reason, facts, attempts: 0, durationMs: 0 };
}

const CANCELLED = { status: 'skipped', reason: 'cancelled', facts: {}, durationMs: 0 } as const;
const OVER_CEILING = { ...CANCELLED, reason: 'over-ceiling' } as const;
