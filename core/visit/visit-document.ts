import { otherAddress } from '../links/finds-of-document.ts';
import { MAX_HOPS } from '../links/judge-link.ts';
import type { DocumentKind } from '../model/document-kind.ts';
import type { Reason } from '../model/outcome.ts';
import { requestHeaders } from '../model/request-headers.ts';
import { isSpellingOf, requestUrlOf } from '../model/request-url.ts';
import type { KeptExchange } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { tokenOf } from '../model/run-token.ts';
import type { RightsJudgement } from '../policies/visit-rights.ts';
import type { FetchOutcome, Headers } from '../ports/fetcher.ts';
import { optOutDetail } from '../rights/opt-out.ts';
import { directivesStatement } from '../rights/robots-tag.ts';
import { keptExchange, withExchanges } from './kept-exchange.ts';
import type { VisitMemory } from './kept-image.ts';
import { knownPage, pastOfPage, unchangedPage } from './kept-page.ts';
import { headerDirectives, readBody } from './read-body.ts';
import { Revisit } from './revisit.ts';
import type { DocumentPorts, DocumentVisit } from './tell-document.ts';
import { endWithoutBody, loopAt, type Next, nextAddress } from './visit.ts';
import { ended, type NotAsked, type VisitOutcome } from './visit-outcome.ts';
import { redirectOf, takeStep, type Wish } from './visit-step.ts';

/** Longest document that is read, in bytes; a sitemap may have 50 MiB (sitemaps.org, "Protocol"). */
const MAX_BYTES: Readonly<Record<DocumentKind, number>> = {
  page: 20 * 1024 * 1024,
  style: 5 * 1024 * 1024,
  sitemap: 50 * 1024 * 1024,
  manifest: 1024 * 1024,
};
const ACCEPT: Readonly<Record<DocumentKind, string>> = {
  page: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  style: 'text/css,*/*;q=0.1',
  sitemap: 'application/xml,text/xml,application/rss+xml,application/atom+xml,text/plain,*/*;q=0.5',
  manifest: 'application/manifest+json,application/json,*/*;q=0.1',
};

/** Times that a page is asked for again after it set cookies and sent us to itself. */
const MAX_REPEATS = 2;

/**
 * One attempt at a document: fetch, read, and tell what it names. A redirect is no step of the same
 * visit but a find: the page behind it may be found by its own name too, and is asked once. Only
 * another spelling of the document's own URL is followed here, since it is no other target.
 */
export async function visitDocument(
  visit: DocumentVisit,
  ports: DocumentPorts,
  memory?: VisitMemory,
): Promise<VisitOutcome | NotAsked> {
  const { target, run, limits } = visit;
  const first = requestUrlOf(target);
  const page = memory && (await pastOfPage(memory, run));
  const revisit = new Revisit(page?.past, first, ports.clock);
  let again = memory && page && { revisit, memory, page };
  const exchanges: KeptExchange[] = [];
  let spentMs = 0;
  const known = again && (await knownPage(again, first, visit, ports));
  if (known !== undefined) return finish(known, first);
  const cookies = ports.cookies.open(run, target);
  const trail = [first];
  for (let at = first; ; ) {
    const wish = wishFor(visit, at, cookies.headerFor(at), revisit);
    const step = await takeStep(wish, run, limits, spentMs, ports);
    if (step.kind === 'ended') return finish(step, at, step.durationMs);
    if (step.kind !== 'exchanged') return step;
    spentMs += step.tookMs;
    const { outcome, pauseMs } = step;
    const kept = keptExchange(at, outcome, ports.clock.now(), run.settings);
    if (kept !== undefined) exchanges.push(kept);
    if (again !== undefined && revisit.isNotModified(outcome, at)) {
      const same = await unchangedPage(outcome, again, at, visit, ports);
      if (same !== undefined) return finish({ ...same, pauseMs }, at);
      revisit.forget();
      again = undefined;
      continue;
    }
    const next = nextSpelling(outcome, at, trail, visit);
    const isChanged = cookies.learn(at, outcome);
    if (next.kind === 'follow') {
      // A gate that hands out a cookie and sends back to the page.
      const isLoop = trail.includes(next.url) && !(isChanged && trail.length <= MAX_REPEATS);
      if (isLoop) return finish(loopAt(next.url, outcome), at);
      trail.push(next.url);
      revisit.passed(outcome);
      at = next.url;
      continue;
    }
    const teach = memory === undefined ? undefined : revisit;
    const end =
      next.kind === 'stop' ? next.outcome : await settleOutcome(outcome, at, visit, ports, teach);
    if (end.kind !== 'ended') return end;
    return finish({ ...end, pauseMs }, at);
  }

  function finish(end: VisitOutcome, at: string, moreMs = 0): VisitOutcome {
    const isAbsent = target.isGuess === true && end.reason !== null && ABSENT.has(end.reason);
    const told = isAbsent ? ended('no-sitemap', end.facts) : end;
    const moved = at === first ? told.facts : { finalUrl: at, ...told.facts };
    const facts = withExchanges(moved, told, exchanges);
    const durationMs = Math.round(spentMs + moreMs);
    return { ...told, pauseMs: end.pauseMs, facts, durationMs };
  }
}

/** Another spelling of the document's own URL is asked at once. */
function nextSpelling(
  outcome: FetchOutcome,
  at: string,
  trail: readonly string[],
  { target, run }: DocumentVisit,
): Next {
  const redirect = redirectOf(outcome, at);
  return redirect.kind === 'to' && isSpellingOf(redirect.url, target.url)
    ? nextAddress(outcome, at, run, trail)
    : { kind: 'arrived' };
}

function wishFor(
  visit: DocumentVisit,
  at: string,
  cookies: string | undefined,
  revisit: Revisit,
): Wish {
  const { target, run } = visit;
  const { kind, foundOn: page } = target;
  const own = requestHeaders(at, { first: requestUrlOf(target), page, cookies }, run);
  return {
    url: at,
    headers: revisit.headersFor(at, own),
    maxBytes: MAX_BYTES[kind],
    accept: ACCEPT[kind],
    wantsBody: filter(visit),
    keepsHead: run.settings.archive,
  };
}

/** How an address ends at which nothing is: some sites answer whatever they do not know with a 500. */
const ABSENT: ReadonlySet<Reason> = new Set([
  'not-found',
  'forbidden',
  'payment-required',
  'client-error',
  'server-error',
  'unexpected-status',
  'bad-redirect',
  'too-many-redirects',
  'not-a-page',
]);

/** A film is not loaded to see that it is no page; nor what may be neither kept nor followed. */
function filter({ run, target }: DocumentVisit): (headers: Headers) => boolean {
  return (headers) => {
    if (/^\s*(?:video|audio|font)\//i.test(headers['content-type'] ?? '')) return false;
    const { optOut, nofollow } = headerDirectives(headers, run);
    return target.kind !== 'page' || optOut === undefined || !nofollow;
  };
}

/** Of what the head of a document says of rights, only what is about indexing concerns what it names. */
function judgeHead(headers: Headers, run: Run): RightsJudgement {
  const { ignoreRobots, purposes } = run.settings;
  const { optOut } = headerDirectives(headers, run);
  if (ignoreRobots || optOut === undefined) return { kind: 'free' };
  const said = directivesStatement([optOut], 'header');
  const detail = optOutDetail(headers, tokenOf(run), purposes);
  return { kind: 'refused', reason: 'opted-out', detail, rights: said === undefined ? [] : [said] };
}

async function settleOutcome(
  outcome: FetchOutcome,
  at: string,
  visit: DocumentVisit,
  ports: DocumentPorts,
  teach: Revisit | undefined,
): Promise<VisitOutcome | NotAsked> {
  if (outcome.kind === 'body') {
    try {
      return await readBody({ outcome, at, teach }, visit, ports);
    } finally {
      outcome.release();
    }
  }
  const redirect = redirectOf(outcome, at);
  if (redirect.kind === 'nowhere') return redirect.outcome;
  if (redirect.kind === 'to') return moved(redirect.url, outcome, visit, ports);
  const ending = endWithoutBody(outcome, ports.clock, (headers) => judgeHead(headers, visit.run));
  const isRefusedKind = ending.reason === 'unexpected-status' && statusOf(outcome) === 200;
  return isRefusedKind ? ended('not-a-page', ending.facts) : ending;
}

function statusOf(outcome: FetchOutcome): number | undefined {
  return outcome.httpStatus;
}

function moved(
  url: string,
  outcome: FetchOutcome,
  { target, settings }: DocumentVisit,
  { linkRules }: DocumentPorts,
): VisitOutcome {
  const httpStatus = statusOf(outcome);
  if ((target.hops ?? 0) >= MAX_HOPS)
    return ended('too-many-redirects', { httpStatus, finalUrl: url });
  const finds = otherAddress(url, target, { settings, rules: linkRules });
  return { ...ended('redirected', { httpStatus, finalUrl: url }), finds };
}
