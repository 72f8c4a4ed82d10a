import type { Exchanged, HostGate } from '../hosts/host-gate.ts';
import { isStopped, paceOf, type RequestLimits } from '../hosts/request-limits.ts';
import { parseLocation } from '../model/canonical-url.ts';
import { STOPPED } from '../model/host-order.ts';
import { isRedirect } from '../model/http-status.ts';
import type { Reason } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { NotExchanged } from '../policies/fetch-rights-file.ts';
import type { RightsPolicy } from '../policies/rights-policy.ts';
import type { RobotsPolicy } from '../policies/robots-policy.ts';
import type { RightsRefusal, VisitRights } from '../policies/visit-rights.ts';
import type { FetchOutcome, FetchRequest, Headers } from '../ports/fetcher.ts';
import { ended, type NotAsked, type VisitOutcome } from './visit-outcome.ts';

/** Dependencies of a request. */
export interface StepPorts {
  readonly gate: HostGate;
  readonly robots: RobotsPolicy;
  readonly rights: RightsPolicy;
}

/** What differs between requests for images and for documents. */
export type Wish = Pick<
  FetchRequest,
  'url' | 'accept' | 'headers' | 'maxBytes' | 'wantsBody' | 'keepsHead'
>;

/** One request, if robots.txt, the host's pace and, where they are judged, its rights allow it. */
export async function takeStep(
  wish: Wish,
  run: Run,
  limits: RequestLimits,
  spentMs: number,
  { gate, robots }: StepPorts,
  rights?: VisitRights,
): Promise<Exchanged | VisitOutcome | NotAsked> {
  // Those that wait for their turn are told in the lane; this one need not even wait.
  if (isStopped(wish.url, limits)) return stopped(STOPPED.reason, STOPPED.detail);
  const decision = await robots.check(wish.url, run, limits);
  if (decision.kind === 'failed') {
    const { reason, detail, httpStatus, pauseMs, tookMs } = decision;
    // robots.txt did not come: that was the attempt.
    return { ...ended(reason, { httpStatus, detail }), pauseMs, durationMs: tookMs };
  }
  if (decision.kind === 'refused') return stopped(decision.reason, decision.detail);
  if (decision.kind === 'given-up') return givenUp(decision);
  if (decision.kind !== 'go') return decision;
  const reserved = await rights?.ask(wish.url);
  if (reserved !== undefined) return notAsked(reserved);
  const { perHost, userAgent } = run.settings;
  const { isCancelled, keeper } = limits;
  const delayMs = Math.max(run.settings.delayMs, decision.crawlDelayMs);
  const timeoutMs = Math.max(1, run.settings.timeoutMs - spentMs);
  const approached = await gate.approach({
    request: { ...wish, timeoutMs, perHost, userAgent },
    pace: paceOf(wish.url, delayMs, run, limits),
    isCancelled,
    keeper,
  });
  return approached.kind === 'given-up' ? givenUp(approached) : approached;
}

/** A host that failed too often, or wants a longer pause than a run waits. */
function givenUp(turn: { readonly reason: Reason; readonly detail?: string }): NotAsked {
  return stopped(turn.reason, givenUpText(turn));
}

function givenUpText({
  reason,
  detail,
}: {
  readonly reason: Reason;
  readonly detail?: string;
}): string {
  if (reason === STOPPED.reason) return STOPPED.detail;
  return `host given up${detail === undefined ? '' : `: ${detail}`}`;
}

function stopped(reason: Reason, detail: string): NotAsked {
  return { kind: 'refused', reason, facts: { detail } };
}

/** What is left of a target when what is said of its rights does not let it be asked for, or is not known. */
export function notAsked(why: RightsRefusal | NotExchanged): NotAsked {
  if (why.kind === 'given-up')
    return { kind: 'refused', reason: why.reason, facts: { detail: givenUpText(why) } };
  if (why.kind !== 'refused') return why;
  const { reason, detail, rights } = why;
  return { kind: 'refused', reason, facts: { detail, rights } };
}

/** Where an answer sends us. */
export type Redirect =
  | { readonly kind: 'to'; readonly url: string }
  | { readonly kind: 'nowhere'; readonly outcome: VisitOutcome }
  | { readonly kind: 'none' };

/** RFC 9110, section 15.4: the address that an answer names instead of its own, in the spelling to request. */
export function redirectOf(outcome: FetchOutcome, from: string): Redirect {
  if (outcome.kind !== 'no-body') return { kind: 'none' };
  const { httpStatus, headers } = outcome;
  if (!isRedirect(httpStatus, headers)) return { kind: 'none' };
  const nowhere = (detail: string): Redirect => {
    return { kind: 'nowhere', outcome: ended('bad-redirect', { httpStatus, detail }) };
  };
  const location = headers['location'];
  if (location === undefined) return nowhere('no Location, or several that differ');
  const parsed = parseLocation(location, from);
  return parsed.kind === 'bad' ? nowhere(parsed.problem) : { kind: 'to', url: parsed.requestUrl };
}

/** Of the `Content-Type` as much as is worth keeping. */
export function mediaType(headers: Headers): string | undefined {
  return headers['content-type']?.slice(0, 100);
}
