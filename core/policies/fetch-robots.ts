import type { Approach, Approached, HostGate } from '../hosts/host-gate.ts';
import { paceOf, type RequestLimits } from '../hosts/request-limits.ts';
import { parseLocation } from '../model/canonical-url.ts';
import { reasonOfAnswer } from '../model/http-status.ts';
import { type Reason, verdictOf } from '../model/outcome.ts';
import { givenHeaders } from '../model/request-headers.ts';
import type { RobotsAnswer } from '../model/robots-rules.ts';
import type { Run } from '../model/run.ts';
import type { FetchOutcome, FetchRequest } from '../ports/fetcher.ts';
import { readRobots } from '../robots/read-robots.ts';
import { robotsAccessOf } from '../robots/robots-copy.ts';
import { MAX_ROBOTS_BYTES } from '../robots/robots-lines.ts';

/** A robots.txt that did not come, as the attempt at a target that it is. */
export interface RobotsFailure {
  readonly reason: Reason;
  readonly detail: string;
  readonly httpStatus?: number;
  /** How long the host is paused, in milliseconds from now; infinite when it is given up. */
  readonly pauseMs?: number;
}

/** What asking for a robots.txt came to. */
export type RobotsFetched =
  | {
      readonly kind: 'answered';
      readonly answer: RobotsAnswer;
      readonly tookMs: number;
      /** Why it is unreachable, where it is. */
      readonly failure?: RobotsFailure;
    }
  | Exclude<Approached, { readonly kind: 'exchanged' }>;

/** Asks an origin for its robots.txt and follows its redirects, also to other hosts (RFC 9309, 2.3.1.2). */
export async function fetchRobots(
  origin: string,
  productToken: string,
  run: Run,
  limits: RequestLimits,
  gate: HostGate,
): Promise<RobotsFetched> {
  let tookMs = 0;
  let url = `${origin}/robots.txt`;
  for (let redirects = 0; ; redirects += 1) {
    const approached = await gate.approach(approachTo(url, `${origin}/`, WISH, run, limits));
    if (approached.kind === 'given-up' && redirects > 0) {
      const { reason, detail } = approached;
      return unreachable(elsewhere(`${reason}: ${detail ?? 'host given up'}`), tookMs);
    }
    if (approached.kind !== 'exchanged') return approached;
    const { outcome, pauseMs } = approached;
    tookMs += approached.tookMs;
    switch (robotsAccessOf(outcome, redirects)) {
      case 'readable':
        return { kind: 'answered', tookMs, answer: rulesOf(outcome, productToken) };
      case 'unavailable':
        return { kind: 'answered', tookMs, answer: { kind: 'unavailable' } };
      case 'unreachable':
        // Behind a redirect another host may be paused: this one is asked again after a back-off.
        if (redirects > 0) return unreachable(failureOf(outcome, redirects), tookMs);
        return unreachable({ ...failureOf(outcome, redirects), pauseMs }, tookMs);
      case 'redirected': {
        const next = locationOf(outcome, url);
        if (next === undefined)
          return { kind: 'answered', tookMs, answer: { kind: 'unavailable' } };
        url = next;
      }
    }
  }
}

const WISH: FileWish = {
  accept: 'text/plain,text/*;q=0.9,*/*;q=0.1',
  maxBytes: MAX_ROBOTS_BYTES,
  mayCut: true,
};

/** What differs between requests for a site's own files. */
export type FileWish = Pick<FetchRequest, 'accept' | 'maxBytes' | 'mayCut'>;

/** A request for a file about a site, at the pace of its run; `first` is the URL before any redirect. */
export function approachTo(
  url: string,
  first: string,
  wish: FileWish,
  run: Run,
  limits: RequestLimits,
): Approach {
  const { isCancelled, keeper } = limits;
  const { timeoutMs, perHost, userAgent, delayMs } = run.settings;
  const request = {
    url,
    // So that a site behind a password tells its rules.
    headers: givenHeaders(url, first, run),
    timeoutMs,
    perHost,
    userAgent,
    ...wish,
  };
  return { request, pace: paceOf(url, delayMs, run, limits), isCancelled, keeper };
}

function rulesOf(outcome: FetchOutcome, productToken: string): RobotsAnswer {
  if (outcome.kind !== 'body') return { kind: 'unavailable' };
  const rules = readRobots(outcome.body, productToken);
  outcome.release();
  return { kind: 'rules', rules };
}

/** The host is there, and what fails is its robots.txt: nothing is known of its other files. */
function elsewhere(problem: string): RobotsFailure {
  return { reason: 'robots-unreachable', detail: `robots.txt: ${problem}` };
}

/** Whether every other request to the host would fail as well, for all that is known. */
function isOfHost({ reason, httpStatus }: Extract<FetchOutcome, { kind: 'failed' }>): boolean {
  if (isRefusedHere(reason)) return true;
  return httpStatus === undefined && verdictOf(reason).onHost !== 'none';
}

/** Whether a request was never made, because the operator does not want it. */
export function isRefusedHere(reason: Reason): boolean {
  return reason === 'address-blocked' || reason === 'host-denied';
}

function unreachable(failure: RobotsFailure, tookMs: number): RobotsFetched {
  return { kind: 'answered', tookMs, answer: { kind: 'unreachable' }, failure };
}

function failureOf(outcome: FetchOutcome, redirects: number): RobotsFailure {
  if (outcome.kind === 'failed') {
    const { reason, detail, httpStatus } = outcome;
    if (redirects === 0 && isOfHost(outcome)) return { reason, detail: `robots.txt: ${detail}` };
    return { ...elsewhere(`${reason}: ${detail}`), httpStatus };
  }
  const { httpStatus, headers } = outcome;
  if (reasonOfAnswer(httpStatus, headers) === 'rate-limited')
    return { reason: 'rate-limited', detail: 'robots.txt', httpStatus };
  if (httpStatus === 503) return { reason: 'unavailable', detail: 'robots.txt', httpStatus };
  return { reason: 'robots-unreachable', detail: `robots.txt: HTTP ${httpStatus}`, httpStatus };
}

/** The address that an answer without a body names, in the spelling to request. */
export function locationOf(outcome: FetchOutcome, from: string): string | undefined {
  const location = outcome.kind === 'no-body' ? outcome.headers['location'] : undefined;
  if (location === undefined) return undefined;
  const parsed = parseLocation(location, from);
  return parsed.kind === 'url' ? parsed.requestUrl : undefined;
}
