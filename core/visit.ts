import { hash } from 'node:crypto';
import { parseRetryAfter } from './back-off.ts';
import { hostOf, parseUrl } from './canonical-url.ts';
import type { HostLanes } from './host-lanes.ts';
import { type Reason, type Status, verdictOf } from './outcome.ts';
import type { Clock } from './ports/clock.ts';
import type { Fetcher, FetchOutcome, Headers } from './ports/fetcher.ts';
import type { ImageStore, InspectImage, OnImage } from './ports/images.ts';
import type { Facts } from './result.ts';
import type { Run } from './run.ts';

/** What a visit needs of the world. */
export interface VisitPorts {
  readonly clock: Clock;
  readonly lanes: HostLanes;
  readonly fetcher: Fetcher;
  readonly inspectImage: InspectImage;
  readonly imageStore: ImageStore;
  readonly onImage: OnImage;
}

/** When a visit may begin, and what follows when it is not welcome. */
export interface VisitLimits {
  /** Not after this time, in milliseconds since 1970. */
  readonly notAfterMs: number;
  /** Asked when the target's turn has come. */
  readonly isCancelled: () => Promise<boolean>;
  /** How long to leave a host alone that wants quiet, in milliseconds; given what it asked for. */
  readonly backOffMs: (retryAfterMs: number | undefined) => number;
}

/** What one attempt at a target came to. */
export type Visit =
  | VisitEnd
  /** Not tried: the run was cancelled. */
  | { readonly kind: 'cancelled' }
  /** Not tried: there was no time left for it. */
  | { readonly kind: 'cut' }
  /** Not tried: the host asked for quiet. */
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

type Ending = Pick<VisitEnd, 'status' | 'reason' | 'facts' | 'retryAfterMs'>;

/** One attempt at a target: fetch, follow redirects, look at the bytes, store the image. */
export async function visit(
  url: string,
  run: Run,
  limits: VisitLimits,
  ports: VisitPorts,
): Promise<Visit> {
  const trail = [url];
  let spentMs = 0;
  for (let at = url; ; ) {
    const host = hostOf(at);
    const turn = await takeTurn(at, host, run, limits, spentMs, ports);
    if (turn.kind !== 'ran') return turn;
    if (turn.value === undefined) return { kind: 'cancelled' };
    const { outcome, tookMs, quietMs } = turn.value;
    spentMs += tookMs;
    const next = nextAddress(outcome, at, trail, run.settings.maxRedirects);
    if (next.kind === 'follow') {
      trail.push(next.url);
      at = next.url;
      continue;
    }
    const ending =
      next.kind === 'stop' ? next.ending : await settleOutcome(outcome, url, run, ports);
    const facts = at === url ? ending.facts : { ...ending.facts, finalUrl: at };
    return { kind: 'ended', ...ending, facts, durationMs: Math.round(spentMs), quietMs };
  }
}

function takeTurn(
  url: string,
  host: string,
  run: Run,
  limits: VisitLimits,
  spentMs: number,
  ports: VisitPorts,
) {
  const { clock, lanes, fetcher } = ports;
  const { perHost, delayMs, maxBytes, userAgent } = run.settings;
  const timeoutMs = Math.max(1, run.settings.timeoutMs - spentMs);
  return lanes.run(host, { perHost, delayMs, notAfterMs: limits.notAfterMs }, async () => {
    if (await limits.isCancelled()) return undefined;
    const beganMs = clock.now();
    const outcome = await fetcher.fetch({ url, timeoutMs, maxBytes, perHost, userAgent });
    return { outcome, tookMs: clock.now() - beganMs, quietMs: hush(outcome, host, limits, ports) };
  });
}

/** Inside the turn: the next one would else begin before the host is known to want quiet. */
function hush(
  outcome: FetchOutcome,
  host: string,
  { backOffMs }: VisitLimits,
  { clock, lanes }: VisitPorts,
): number | undefined {
  if (outcome.kind !== 'no-body') return undefined;
  if (!verdictOf(reasonOf(outcome.httpStatus)).pausesHost) return undefined;
  const now = clock.now();
  const quietMs = backOffMs(parseRetryAfter(outcome.headers['retry-after'], now));
  lanes.pause(host, now + quietMs);
  return quietMs;
}

type Next =
  | { readonly kind: 'follow'; readonly url: string }
  | { readonly kind: 'stop'; readonly ending: Ending }
  | { readonly kind: 'arrived' };

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

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
      const retryAfterMs = parseRetryAfter(headers['retry-after'], ports.clock.now());
      return { ...ended(reasonOf(httpStatus), facts), retryAfterMs };
    }
    case 'body':
      return keep(outcome, url, run, ports);
  }
}

/** Every status that brings no image, to its reason (RFC 9110, section 15). */
function reasonOf(httpStatus: number): Reason {
  if (httpStatus === 404 || httpStatus === 410) return 'not-found';
  if ([401, 402, 403, 407, 451].includes(httpStatus)) return 'forbidden';
  if (httpStatus === 408) return 'timeout';
  if (httpStatus === 429) return 'rate-limited';
  if (httpStatus === 503) return 'unavailable';
  if (httpStatus >= 500) return 'server-error';
  return httpStatus >= 400 ? 'client-error' : 'unexpected-status';
}

async function keep(
  outcome: Extract<FetchOutcome, { kind: 'body' }>,
  url: string,
  run: Run,
  { inspectImage, imageStore, onImage }: VisitPorts,
): Promise<Ending> {
  const { body, httpStatus, headers } = outcome;
  const seen = { httpStatus, contentType: mediaType(headers), bytes: body.byteLength };
  const shape = inspectImage(body);
  if (shape === undefined) return ended('not-an-image', seen);
  const sha256 = hash('sha256', body, 'hex');
  const { format, width, height } = shape;
  const facts = { ...seen, format, width, height, sha256 };
  const image = { url, bytes: body, sha256, format, width, height };
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
