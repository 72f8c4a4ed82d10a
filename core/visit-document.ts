import type { Finds } from './frontier.ts';
import { keepImage, keepInspected } from './keep-image.ts';
import { parseDataImage } from './links/data-image.ts';
import {
  both,
  type Document,
  imagesIn,
  linksIn,
  otherAddress,
  sitemapsOf,
} from './links/finds-of-document.ts';
import { encodeSightings } from './links/fingerprint.ts';
import { MAX_HOPS } from './links/judge-link.ts';
import type { FetchOutcome, Headers } from './ports/fetcher.ts';
import type { LinkRules } from './ports/link-rules.ts';
import type { DocumentKind, ReadDocumentBody } from './ports/pages.ts';
import type { Facts } from './result.ts';
import type { RequestLimits } from './robots/fetch-robots.ts';
import { pageDirectives } from './robots/opt-out.ts';
import { tokenOf } from './robots/run-token.ts';
import type { PageSettings, Run } from './run.ts';
import type { Target } from './task.ts';
import { endWithoutBody, type Visit, type VisitEnd, type VisitPorts } from './visit.ts';
import { ended, mediaType, redirectOf, takeStep } from './visit-step.ts';

/** What a visit to a document needs of the world besides. */
export interface DocumentPorts extends VisitPorts {
  readonly readDocument: ReadDocumentBody;
  readonly linkRules: LinkRules;
}

/** A target that is a document, and the run's rules for pages. */
export interface DocumentVisit {
  readonly target: Target & { readonly kind: DocumentKind };
  readonly run: Run;
  readonly settings: PageSettings;
  readonly limits: RequestLimits;
}

type Outcome = Omit<VisitEnd, 'kind' | 'durationMs'>;

/** Longest document that is read, in bytes; a sitemap may have 50 MiB (sitemaps.org, "Protocol"). */
const MAX_BYTES: Readonly<Record<DocumentKind, number>> = {
  page: 20 * 1024 * 1024,
  style: 5 * 1024 * 1024,
  sitemap: 50 * 1024 * 1024,
};
const ACCEPT: Readonly<Record<DocumentKind, string>> = {
  page: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/*;q=0.8,*/*;q=0.7',
  style: 'text/css,*/*;q=0.1',
  sitemap: 'application/xml,text/xml,application/rss+xml,application/atom+xml,text/plain,*/*;q=0.5',
};

/**
 * One attempt at a document: fetch, read, and tell what it names. A redirect is no step of the same
 * visit but a find: the page behind it may be found by its own name too, and is asked once.
 */
export async function visitDocument(visit: DocumentVisit, ports: DocumentPorts): Promise<Visit> {
  const { target, run, limits } = visit;
  const { url, kind } = target;
  const wish = { url, maxBytes: MAX_BYTES[kind], accept: ACCEPT[kind], wantsBody: filter(visit) };
  const step = await takeStep(wish, run, limits, 0, ports);
  if (step.kind === 'stopped') return step.visit;
  const durationMs = Math.round(step.tookMs);
  if (step.kind === 'robots') return { kind: 'ended', ...step.ending, durationMs };
  const { outcome, quietMs } = step;
  const end = await settleOutcome(outcome, visit, ports);
  return { kind: 'ended', ...end, quietMs, durationMs };
}

/** A film is not loaded to see that it is no page; nor what may be neither kept nor followed. */
function filter({ run, target }: DocumentVisit): (headers: Headers) => boolean {
  return (headers) => {
    if (/^\s*(?:video|audio|font)\//i.test(headers['content-type'] ?? '')) return false;
    const { optOut, nofollow } = headerDirectives(headers, run);
    return target.kind !== 'page' || optOut === undefined || !nofollow;
  };
}

function headerDirectives(headers: Headers, run: Run) {
  const tag = run.settings.ignoreRobots ? undefined : headers['x-robots-tag'];
  return pageDirectives(tag, [], tokenOf(run));
}

async function settleOutcome(
  outcome: FetchOutcome,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<Outcome> {
  if (outcome.kind === 'body') {
    try {
      return await readBody(outcome, visit, ports);
    } finally {
      outcome.release();
    }
  }
  const redirect = redirectOf(outcome, visit.target.url);
  if (redirect.kind === 'nowhere') return redirect.ending;
  if (redirect.kind === 'to') return moved(redirect.url, outcome, visit, ports);
  if (visit.target.isGuess === true && isMissing(outcome)) return noSitemap(outcome);
  const ending = endWithoutBody(outcome, visit.run, ports.clock);
  const isRefusedKind = ending.reason === 'unexpected-status' && statusOf(outcome) === 200;
  return isRefusedKind ? ended('not-a-page', ending.facts) : ending;
}

function isMissing(outcome: FetchOutcome): boolean {
  const httpStatus = statusOf(outcome) ?? 0;
  return httpStatus >= 400 && httpStatus < 500 && httpStatus !== 429;
}

function statusOf(outcome: FetchOutcome): number | undefined {
  return outcome.httpStatus;
}

function noSitemap(outcome: FetchOutcome): Outcome {
  return ended('no-sitemap', { httpStatus: statusOf(outcome) });
}

function moved(
  url: string,
  outcome: FetchOutcome,
  { target, settings }: DocumentVisit,
  { linkRules }: DocumentPorts,
): Outcome {
  const httpStatus = statusOf(outcome);
  if (url === target.url || (target.hops ?? 0) >= MAX_HOPS)
    return ended('too-many-redirects', { httpStatus, finalUrl: url });
  const finds = otherAddress(url, target, { settings, rules: linkRules });
  return { ...ended('redirected', { httpStatus, finalUrl: url }), finds };
}

async function readBody(
  outcome: Extract<FetchOutcome, { kind: 'body' }>,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<Outcome> {
  const { target, run, settings } = visit;
  const { url, kind } = target;
  const { body, headers, httpStatus } = outcome;
  const seen = { httpStatus, contentType: mediaType(headers), bytes: body.byteLength };
  const inspection = ports.inspectImage(body);
  // A link to a picture is a find like any other.
  if (inspection.kind !== 'not-an-image' && !isMarkup(inspection, kind))
    return { ...(await keepInspected(url, body, inspection, seen, run, ports)) };
  const document = await ports.readDocument({
    ...{ bytes: body, url, expected: kind, best: settings.best },
    ...{ contentType: headers['content-type'], productToken: tokenOf(run) },
  });
  if (document.kind === 'not-a-page') {
    if (target.isGuess === true) return ended('no-sitemap', seen);
    return ended('not-a-page', { ...seen, detail: document.detail });
  }
  return tell(document, headerDirectives(headers, run), seen, visit, ports);
}

/** An SVG is an image; a sitemap or a style sheet that begins like one is what it was said to be. */
function isMarkup(inspection: { readonly kind: string }, kind: DocumentKind): boolean {
  return inspection.kind === 'corrupt' && kind !== 'page';
}

async function tell(
  document: Document,
  header: ReturnType<typeof pageDirectives>,
  seen: Facts,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<Outcome> {
  const { target, run, settings } = visit;
  const by = { settings, rules: ports.linkRules };
  const optOut = run.settings.ignoreRobots ? undefined : (header.optOut ?? document.optOut);
  const own = canonicalElsewhere(document, visit, ports);
  const images = optOut === undefined ? imagesIn(document, target, by) : NOTHING;
  const data = optOut === undefined ? await dataImages(document, visit, ports) : NOTHING;
  const links = header.nofollow ? NOTHING : (own ?? linksIn(document, target, by));
  const finds = [images, data, links, sitemaps(document, visit, ports)].reduce(both, NOTHING);
  const facts: Facts = {
    ...seen,
    title: document.title,
    links: document.links.length + document.notFollowed,
    images: document.images.length,
    sightings: sightingsOf(both(images, data)),
    detail: document.isCut ? 'longer than what is read of a document' : undefined,
  };
  if (own !== undefined)
    return { ...ended('canonical-elsewhere', { ...facts, finalUrl: own.targets[0]?.url }), finds };
  if (optOut !== undefined)
    return { ...ended('opted-out', { ...facts, detail: `robots: ${optOut}` }), finds };
  return { status: 'succeeded', reason: null, facts, finds };
}

const NOTHING: Finds = { targets: [], leftOut: [] };

/** Only where the other address would be followed: else nobody would look at the page at all. */
function canonicalElsewhere(
  document: Document,
  { target, settings }: DocumentVisit,
  { linkRules }: DocumentPorts,
): Finds | undefined {
  if (document.canonical === undefined || document.kind !== 'page') return undefined;
  if ((target.hops ?? 0) > 0) return undefined;
  const asLink = { url: document.canonical, kind: 'page' as const };
  const link = { ...document, links: [asLink] };
  const { targets } = linksIn(link, target, {
    settings: { ...settings, depth: settings.depth + 1 },
    rules: linkRules,
  });
  const [found] = targets;
  if (found === undefined) return undefined;
  return { targets: [{ ...found, depth: target.depth, hops: 1 }], leftOut: [] };
}

function sitemaps(
  document: Document,
  { target, run, settings }: DocumentVisit,
  { robots, linkRules }: DocumentPorts,
): Finds {
  const isStart = document.kind === 'page' && target.depth === 0;
  if (!isStart || !settings.sitemaps || settings.depth === 0) return NOTHING;
  return sitemapsOf(robots.sitemapsOf(target.url, run), target, { settings, rules: linkRules });
}

/** Images that came with the document are kept at once, and settled as targets of their own. */
async function dataImages(
  document: Document,
  { target, run }: DocumentVisit,
  ports: DocumentPorts,
): Promise<Finds> {
  const targets: Target[] = [];
  const seen = new Set<string>();
  for (const { url: found, alt, title } of document.images) {
    const image = found.startsWith('data:') ? parseDataImage(found) : undefined;
    if (image === undefined || seen.has(image.url)) continue;
    seen.add(image.url);
    const { url, bytes, contentType } = image;
    const { reason, facts } = await keepImage(
      url,
      bytes,
      { contentType, bytes: bytes.byteLength },
      run,
      ports,
    );
    const find = { depth: target.depth, foundOn: target.url, alt, title };
    targets.push({ url, ...find, decided: { reason, facts } });
  }
  return { targets, leftOut: [] };
}

function sightingsOf({ targets }: Finds): string | undefined {
  const urls = targets.filter(({ kind }) => kind === undefined).map(({ url }) => url);
  return urls.length === 0 ? undefined : encodeSightings([...new Set(urls)]);
}
