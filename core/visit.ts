import { hash } from 'node:crypto';
import { parseRetryAfter } from './back-off.ts';
import { parseUrl } from './canonical-url.ts';
import type { Exchanged, HostGate } from './host-gate.ts';
import { REDIRECTS, reasonOfStatus } from './http-status.ts';
import { judgeImage } from './judge-image.ts';
import { type Reason, type Status, verdictOf } from './outcome.ts';
import type { Clock } from './ports/clock.ts';
import type { FetchOutcome, Headers } from './ports/fetcher.ts';
import type { ImageStore, InspectImage, OnImage } from './ports/images.ts';
import type { Facts } from './result.ts';
import type { RequestLimits } from './robots/fetch-robots.ts';
import { optOutOf } from './robots/opt-out.ts';
import type { RobotsDoor } from './robots/robots-door.ts';
import { tokenOf } from './robots/run-token.ts';
import type { Run } from './run.ts';

/** What a visit needs of the world. */
export interface VisitPorts {
  readonly clock: Clock;
  readonly gate: HostGate;
  readonly robots: RobotsDoor;
  readonly inspectImage: InspectImage;
  readonly imageStore: ImageStore;
  readonly onImage: OnImage;
}

/** What one attempt at a target came to. */
export type Visit =
  | VisitEnd
  /** Not asked, and not to be asked in this run. */
  | { readonly kind: 'refused'; readonly reason: Reason; readonly facts: Facts }
  /** Not tried: the run was cancelled. */
  | { readonly kind: 'cancelled' }
  /** Not tried: there was no time left for it. */
  | { readonly kind: 'cut' }
  /** Not tried: the host is left alone until then. */
  | { readonly kind: 'paused'; readonly untilMs: number };

export interface VisitEnd {
  readonly kind: 'ended';
  readonly status: Status;
  readonly reason: Reason | null;
  readonly facts: Facts;
  readonly durationMs: number;
  /** What the host asked for, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** How long the host is left alone, in milliseconds from now. */
  readonly quietMs?: number;
}

type Ending = Pick<VisitEnd, 'status' | 'reason' | 'facts' | 'retryAfterMs' | 'quietMs'>;

/** One attempt at a target: fetch, follow redirects, look at the bytes, store the image. */
export async function visit(
  url: string,
  run: Run,
  limits: RequestLimits,
  ports: VisitPorts,
): Promise<Visit> {
  const trail = [url];
  let spentMs = 0;
  for (let at = url; ; ) {
    const step = await takeStep(at, run, limits, spentMs, ports);
    if (step.kind === 'stopped') return step.visit;
    spentMs += step.tookMs;
    if (step.kind === 'robots') return finish(step.ending, at);
    const { outcome } = step;
    const next = nextAddress(outcome, at, trail, run.settings.maxRedirects);
    if (next.kind === 'follow') {
      trail.push(next.url);
      at = next.url;
      continue;
    }
    const ending =
      next.kind === 'stop' ? next.ending : await settleOutcome(outcome, url, run, ports);
    return finish({ ...ending, quietMs: step.quietMs }, at);
  }

  function finish(ending: Ending, at: string): VisitEnd {
    const facts = at === url ? ending.facts : { ...ending.facts, finalUrl: at };
    return { kind: 'ended', ...ending, facts, durationMs: Math.round(spentMs) };
  }
}

type Step =
  | Exchanged
  /** robots.txt did not come: that was the try. */
  | { readonly kind: 'robots'; readonly ending: Ending; readonly tookMs: number }
  | { readonly kind: 'stopped'; readonly visit: Exclude<Visit, VisitEnd> };

/** One request, if robots.txt and the host's pace allow it. */
async function takeStep(
  url: string,
  run: Run,
  limits: RequestLimits,
  spentMs: number,
  { gate, robots }: VisitPorts,
): Promise<Step> {
  const leave = await robots.leaveFor(url, run, limits);
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
  const { perHost, delayMs, maxBytes, userAgent } = run.settings;
  const timeoutMs = Math.max(1, run.settings.timeoutMs - spentMs);
  const approached = await gate.approach({
    request: { url, timeoutMs, maxBytes, perHost, userAgent, wantsBody: bodyFilter(run) },
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

function bodyFilter(run: Run): ((headers: Headers) => boolean) | undefined {
  return run.settings.ignoreRobots ? undefined : (headers) => optOut(headers, run) === undefined;
}

/** The directive of `X-Robots-Tag` by which the owner does not want the resource kept. */
function optOut(headers: Headers, run: Run): string | undefined {
  const tag = headers['x-robots-tag'];
  if (tag === undefined || run.settings.ignoreRobots) return undefined;
  return optOutOf(tag, tokenOf(run));
}

type Next =
  | { readonly kind: 'follow'; readonly url: string }
  | { readonly kind: 'stop'; readonly ending: Ending }
  | { readonly kind: 'arrived' };

/** RFC 9110, section 15.4: where an answer sends us, if it does. */
function nextAddress(
  outcome: FetchOutcome,
  from: string,
  trail: readonly string[],
  maxRedirects: number,
): Next {
  if (outcome.kind !== 'no-body' || !REDIRECTS.has(outcome.httpStatus)) return { kind: 'arrived' };
  const stop = (reason: Reason, detail: string): Next => {
    return { kind: 'stop', ending: ended(reason, { httpStatus: outcome.httpStatus, detail }) };
  };
  const location = outcome.headers['location'];
  if (location === undefined) return stop('bad-redirect', 'no Location');
  const parsed = parseUrl(URL.parse(location, from)?.href ?? location);
  if (parsed.kind === 'bad') return stop('bad-redirect', parsed.problem);
  if (trail.includes(parsed.url)) return stop('too-many-redirects', `a loop at ${parsed.url}`);
  if (trail.length > maxRedirects) return stop('too-many-redirects', `more than ${maxRedirects}`);
  return { kind: 'follow', url: parsed.url };
}

async function settleOutcome(
  outcome: FetchOutcome,
  url: string,
  run: Run,
  ports: VisitPorts,
): Promise<Ending> {
  switch (outcome.kind) {
    case 'failed': {
      const { httpStatus, contentType, detail } = outcome;
      return ended(outcome.reason, { httpStatus, contentType, detail });
    }
    case 'no-body': {
      const { httpStatus, headers } = outcome;
      const facts = { httpStatus, contentType: mediaType(headers) };
      const directive = httpStatus < 300 ? optOut(headers, run) : undefined;
      if (directive !== undefined)
        return ended('opted-out', { ...facts, detail: `X-Robots-Tag: ${directive}` });
      const retryAfterMs = parseRetryAfter(headers['retry-after'], ports.clock.now());
      return { ...ended(reasonOfStatus(httpStatus), facts), retryAfterMs };
    }
    case 'body':
      try {
        return await keep(outcome, url, run, ports);
      } finally {
        outcome.release();
      }
  }
}

async function keep(
  outcome: Extract<FetchOutcome, { kind: 'body' }>,
  url: string,
  run: Run,
  { inspectImage, imageStore, onImage }: VisitPorts,
): Promise<Ending> {
  const { body, httpStatus, headers } = outcome;
  const seen = { httpStatus, contentType: mediaType(headers), bytes: body.byteLength };
  const judged = judgeImage(inspectImage(body), run.settings.maxPixels);
  if (judged.kind === 'unfit') return ended(judged.reason, { ...seen, ...judged.facts });
  const sha256 = hash('sha256', body, 'hex');
  const facts = { ...seen, ...judged.facts, sha256 };
  const image = { url, bytes: body, sha256, ...judged.facts };
  const decision = await onImage(image);
  if (decision.kind === 'skip') return ended('filtered', { ...facts, detail: decision.detail });
  const file = await imageStore.put(run, image);
  return {
    status: 'succeeded',
    reason: null,
    facts: { ...facts, file, extra: finiteOnly(decision.extra) },
  };
}

/** NaN and the infinities have no JSON: a result that holds one could never be read again. */
function finiteOnly(extra: Facts['extra']): Facts['extra'] {
  if (extra === undefined) return undefined;
  const kept = Object.entries(extra).filter(
    ([, value]) => Number.isFinite(value) || typeof value !== 'number',
  );
  return Object.fromEntries(kept);
}

function ended(reason: Reason, facts: Facts): Ending {
  return { status: verdictOf(reason).status, reason, facts };
}

function mediaType(headers: Headers): string | undefined {
  return headers['content-type']?.slice(0, 100);
}
