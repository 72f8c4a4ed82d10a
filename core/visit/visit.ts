import type { Cookies } from '../cookies/cookies.ts';
import type { RequestLimits } from '../hosts/request-limits.ts';
import { reasonOfAnswer } from '../model/http-status.ts';
import { requestHeaders } from '../model/request-headers.ts';
import { requestUrlOf } from '../model/request-url.ts';
import type { KeptExchange } from '../model/result.ts';
import { parseRetryAfter } from '../model/retry-after.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import { type RightsJudgement, VisitRights } from '../policies/visit-rights.ts';
import type { Clock } from '../ports/clock.ts';
import type { FetchOutcome, Headers } from '../ports/fetcher.ts';
import { withoutCredential } from './credential-url.ts';
import { type KeepPorts, keepImage } from './keep-image.ts';
import { keptExchange, withExchanges } from './kept-exchange.ts';
import {
  knownImage,
  pastOfImage,
  storeBeside,
  unchangedImage,
  type VisitMemory,
  withLesson,
} from './kept-image.ts';
import { Revisit } from './revisit.ts';
import { ended, type NotAsked, refused, type VisitOutcome } from './visit-outcome.ts';
import { mediaType, redirectOf, type StepPorts, takeStep } from './visit-step.ts';

/** Dependencies of a visit. */
export interface VisitPorts extends StepPorts, KeepPorts {
  readonly clock: Clock;
  readonly cookies: Cookies;
}

/**
 * One attempt at an image: fetch, follow redirects, look at the bytes, store it; or, with what
 * earlier runs remember of it, less.
 */
export async function visit(
  target: Target,
  run: Run,
  limits: RequestLimits,
  given: VisitPorts,
  memory?: VisitMemory,
): Promise<VisitOutcome | NotAsked> {
  const { foundOn: page } = target;
  const first = requestUrlOf(target);
  const past = memory && pastOfImage(memory, run);
  const revisit = new Revisit(past, first, given.clock);
  const exchanges: KeptExchange[] = [];
  let spentMs = 0;
  const known = memory && (await knownImage(revisit, memory, run, limits));
  if (known !== undefined) return finish(known, first);
  const ports = memory === undefined ? given : { ...given, imageStore: storeBeside(given, memory) };
  const cookies = ports.cookies.open(run, target);
  const rights = new VisitRights(ports.rights, run, limits);
  const wantsBody = bodyFilter(run, (head) => rights.judge(head));
  const trail = [first];
  for (let at = first; ; ) {
    const { maxBytes } = run.settings;
    const own = requestHeaders(at, { first, page, cookies: cookies.headerFor(at) }, run);
    const headers = revisit.headersFor(at, own);
    const wish = { url: at, headers, maxBytes, wantsBody, keepsHead: run.settings.archive };
    const step = await takeStep(wish, run, limits, spentMs, ports, rights);
    if (step.kind === 'ended') return finish(step, at, step.durationMs);
    if (step.kind !== 'exchanged') return step;
    spentMs += step.tookMs;
    const { outcome } = step;
    const kept = keptExchange(at, outcome, ports.clock.now(), run.settings);
    if (kept !== undefined) exchanges.push(kept);
    if (memory !== undefined && revisit.isNotModified(outcome, at)) {
      const same = await unchangedImage(outcome, revisit, memory, run, rights);
      if (same !== undefined) return finish({ ...same, pauseMs: step.pauseMs }, at);
      // It says nothing of what is there: the same request once more, without conditions.
      revisit.forget();
      continue;
    }
    const next = nextAddress(outcome, at, run, trail);
    const isChanged = (next.kind === 'follow' || cookies.isKept) && cookies.learn(at, outcome);
    if (next.kind === 'follow') {
      // With other cookies an address that was asked before may answer something else.
      if (trail.includes(next.url) && !isChanged) return finish(loopAt(next.url, outcome), at);
      trail.push(next.url);
      revisit.passed(outcome);
      at = next.url;
      continue;
    }
    if (next.kind === 'stop') return finish({ ...next.outcome, pauseMs: step.pauseMs }, at);
    const seen = await settleOutcome(outcome, target, at, run, ports, rights);
    if (seen.kind !== 'ended') return seen;
    const whole = memory === undefined ? seen : withLesson(seen, outcome, revisit);
    return finish({ ...whole, pauseMs: step.pauseMs }, at);
  }

  function finish(end: VisitOutcome, at: string, moreMs = 0): VisitOutcome {
    const moved = at === first ? end.facts : { ...end.facts, finalUrl: withoutCredential(at) };
    const facts = withExchanges(moved, end, exchanges);
    return { ...end, facts, durationMs: Math.round(spentMs + moreMs) };
  }
}

function bodyFilter(run: Run, judge: JudgeHead): ((headers: Headers) => boolean) | undefined {
  return run.settings.ignoreRobots ? undefined : (headers) => judge(headers).kind === 'free';
}

/** What follows from one answer of a chain of redirects. */
export type Next =
  | { readonly kind: 'follow'; readonly url: string }
  | { readonly kind: 'stop'; readonly outcome: VisitOutcome }
  | { readonly kind: 'arrived' };

/** The next request of a chain: a loop is the same request once more. `trail` holds those made. */
export function nextAddress(
  outcome: FetchOutcome,
  from: string,
  { settings: { maxRedirects } }: Run,
  trail: readonly string[],
): Next {
  const redirect = redirectOf(outcome, from);
  if (redirect.kind === 'none') return { kind: 'arrived' };
  if (redirect.kind === 'nowhere') return { kind: 'stop', outcome: redirect.outcome };
  if (trail.length <= maxRedirects) return { kind: 'follow', url: redirect.url };
  return { kind: 'stop', outcome: tooManyRedirects(outcome, `more than ${maxRedirects}`) };
}

/** The end of a chain of redirects that comes back to a request that was made. */
export function loopAt(url: string, outcome: FetchOutcome): VisitOutcome {
  return tooManyRedirects(outcome, `a loop at ${withoutCredential(url)}`);
}

function tooManyRedirects({ httpStatus }: FetchOutcome, detail: string): VisitOutcome {
  return ended('too-many-redirects', { httpStatus, detail });
}

async function settleOutcome(
  outcome: FetchOutcome,
  target: Target,
  at: string,
  run: Run,
  ports: VisitPorts,
  rights: VisitRights,
): Promise<VisitOutcome | NotAsked> {
  if (outcome.kind !== 'body')
    return endWithoutBody(outcome, ports.clock, (head) => rights.judge(head));
  const { body, httpStatus, headers } = outcome;
  const contentType = mediaType(headers);
  const seen = {
    httpStatus,
    contentType,
    bytes: body.byteLength,
    expectedHash: target.expectedHash,
  };
  try {
    const waiting = await rights.learnLicense(at, headers);
    if (waiting !== undefined) return waiting;
    return await keepImage(target, body, seen, run, ports, (inFile) =>
      rights.judge(headers, inFile),
    );
  } finally {
    outcome.release();
  }
}

/** Judges by the head of an answer whether its body may be kept. */
export type JudgeHead = (headers: Headers) => RightsJudgement;

/** How an answer ends that brings nothing to look at. */
export function endWithoutBody(
  outcome: Exclude<FetchOutcome, { kind: 'body' }>,
  clock: Clock,
  judge: JudgeHead,
): VisitOutcome {
  if (outcome.kind === 'failed') {
    const { httpStatus, contentType, detail } = outcome;
    return ended(outcome.reason, { httpStatus, contentType, detail });
  }
  const { httpStatus, headers } = outcome;
  const facts = { httpStatus, contentType: mediaType(headers) };
  const judged = httpStatus < 300 ? judge(headers) : undefined;
  if (judged?.kind === 'refused') return refused(judged, facts);
  const reason = reasonOfAnswer(httpStatus, headers);
  if (reason === 'payment-required') return ended(reason, { ...facts, detail: priceIn(headers) });
  const retryAfterMs = parseRetryAfter(headers['retry-after'], clock.now());
  return { ...ended(reason, facts), retryAfterMs };
}

/** The price that pay per crawl asks for an address: it is told and never paid. */
function priceIn(headers: Headers): string | undefined {
  const price = headers['crawler-price'];
  return price === undefined ? undefined : `crawler-price: ${price.slice(0, 100)}`;
}
