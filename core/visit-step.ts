import { parseLocation } from './canonical-url.ts';
import type { Exchanged, HostGate } from './host-gate.ts';
import { REDIRECTS } from './http-status.ts';
import { type Reason, type Status, verdictOf } from './outcome.ts';
import type { FetchOutcome, FetchRequest, Headers } from './ports/fetcher.ts';
import type { Facts } from './result.ts';
import type { RequestLimits } from './robots/fetch-robots.ts';
import { optOutOf } from './robots/opt-out.ts';
import type { RobotsDoor } from './robots/robots-door.ts';
import { tokenOf } from './robots/run-token.ts';
import type { Run } from './run.ts';

/** What a request needs of the world. */
export interface StepPorts {
  readonly gate: HostGate;
  readonly robots: RobotsDoor;
}

/** Why a target was not asked for. */
export type NotAsked =
  /** Not to be asked in this run. */
  | { readonly kind: 'refused'; readonly reason: Reason; readonly facts: Facts }
  /** The run was cancelled. */
  | { readonly kind: 'cancelled' }
  /** There was no time left for it. */
  | { readonly kind: 'cut'; readonly untilMs: number }
  /** The host is left alone until then. */
  | { readonly kind: 'paused'; readonly untilMs: number };

/** How one attempt at a target ended. */
export interface Ending {
  readonly status: Status;
  readonly reason: Reason | null;
  readonly facts: Facts;
  /** What the host asked for, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** How long the host is left alone, in milliseconds from now. */
  readonly quietMs?: number;
}

/** What one request came to. */
export type Step =
  | Exchanged
  /** robots.txt did not come: that was the try. */
  | { readonly kind: 'robots'; readonly ending: Ending; readonly tookMs: number }
  | { readonly kind: 'stopped'; readonly visit: NotAsked };

/** What differs between requests for images and for documents. */
export type Wish = Pick<FetchRequest, 'url' | 'accept' | 'maxBytes' | 'wantsBody'>;

/** One request, if robots.txt and the host's pace allow it. */
export async function takeStep(
  wish: Wish,
  run: Run,
  limits: RequestLimits,
  spentMs: number,
  { gate, robots }: StepPorts,
): Promise<Step> {
  const leave = await robots.leaveFor(wish.url, run, limits);
  if (leave.kind === 'failed') {
    const { reason, detail, httpStatus, quietMs, tookMs } = leave;
    return {
      kind: 'robots',
      ending: { ...ended(reason, { httpStatus, detail }), quietMs },
      tookMs,
    };
  }
  if (leave.kind === 'refused') return stopped(leave.reason, leave.detail);
  if (leave.kind === 'hopeless') return stopped(leave.reason, NOT_ASKED);
  if (leave.kind !== 'go') return { kind: 'stopped', visit: leave };
  const { perHost, delayMs, userAgent } = run.settings;
  const timeoutMs = Math.max(1, run.settings.timeoutMs - spentMs);
  const approached = await gate.approach({
    request: { ...wish, timeoutMs, perHost, userAgent },
    pace: {
      perHost,
      delayMs: Math.max(delayMs, leave.crawlDelayMs),
      notAfterMs: limits.notAfterMs,
    },
    isCancelled: limits.isCancelled,
  });
  if (approached.kind === 'exchanged') return approached;
  if (approached.kind === 'hopeless') return stopped(approached.reason, NOT_ASKED);
  return { kind: 'stopped', visit: approached };
}

const NOT_ASKED = 'not asked: the host failed too often in a row, or wants long quiet';

function stopped(reason: Reason, detail: string): Step {
  return { kind: 'stopped', visit: { kind: 'refused', reason, facts: { detail } } };
}

/** The directive of `X-Robots-Tag` by which the owner does not want the resource kept. */
export function optOut(headers: Headers, run: Run): string | undefined {
  const tag = headers['x-robots-tag'];
  if (tag === undefined || run.settings.ignoreRobots) return undefined;
  return optOutOf(tag, tokenOf(run));
}

/** Where an answer sends us. */
export type Redirect =
  | { readonly kind: 'to'; readonly url: string }
  | { readonly kind: 'nowhere'; readonly ending: Ending }
  | { readonly kind: 'none' };

/** RFC 9110, section 15.4: the address that an answer names instead of its own, canonical. */
export function redirectOf(outcome: FetchOutcome, from: string): Redirect {
  if (outcome.kind !== 'no-body' || !REDIRECTS.has(outcome.httpStatus)) return { kind: 'none' };
  const { httpStatus, headers } = outcome;
  const nowhere = (detail: string): Redirect => {
    return { kind: 'nowhere', ending: ended('bad-redirect', { httpStatus, detail }) };
  };
  const location = headers['location'];
  if (location === undefined) return nowhere('no Location');
  const parsed = parseLocation(location, from);
  return parsed.kind === 'bad' ? nowhere(parsed.problem) : { kind: 'to', url: parsed.url };
}

export function ended(reason: Reason, facts: Facts): Ending {
  return { status: verdictOf(reason).status, reason, facts };
}

/** Of the `Content-Type` as much as is worth keeping. */
export function mediaType(headers: Headers): string | undefined {
  return headers['content-type']?.slice(0, 100);
}
