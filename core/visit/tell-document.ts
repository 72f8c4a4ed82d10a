import type { RequestLimits } from '../hosts/request-limits.ts';
import { parseDataImage } from '../links/data-image.ts';
import { both, type Document, imagesIn, linksIn, sitemapsOf } from '../links/finds-of-document.ts';
import { encodeSightings } from '../links/fingerprint.ts';
import type { DocumentKind } from '../model/document-kind.ts';
import type { Finds } from '../model/finds.ts';
import { requestUrlOf } from '../model/request-url.ts';
import type { Facts } from '../model/result.ts';
import type { PageSettings, Run } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { JudgeFile, RightsJudgement } from '../policies/visit-rights.ts';
import type { OnPage } from '../ports/hooks.ts';
import type { LinkRules } from '../ports/link-rules.ts';
import type { ReadDocumentBody } from '../ports/pages.ts';
import type { PageDirectives } from '../rights/opt-out.ts';
import { directivesStatement } from '../rights/robots-tag.ts';
import { allKept } from './all-kept.ts';
import { keepImage } from './keep-image.ts';
import type { VisitPorts } from './visit.ts';
import { ended, succeeded, type VisitOutcome } from './visit-outcome.ts';

/** Further dependencies of a visit to a document. */
export interface DocumentPorts extends VisitPorts {
  readonly readDocument: ReadDocumentBody;
  readonly linkRules: LinkRules;
  readonly onPage: OnPage;
}

/** A target that is a document, and the run's rules for pages. */
export interface DocumentVisit {
  readonly target: Target & { readonly kind: DocumentKind };
  readonly run: Run;
  readonly settings: PageSettings;
  readonly limits: RequestLimits;
}

/** What the owner of a document says of what is on it. */
export interface OwnersWord {
  /** In the head of the answer, to robots. */
  readonly header: PageDirectives;
  /** Of the uses of what is on it, in its markup. */
  readonly judged: RightsJudgement;
  /** Judges what comes inside it. */
  readonly judgeFile: JudgeFile;
}

/** What a document that was read comes to: its own end, and what it brought. */
export async function tellDocument(
  document: Document,
  { header, judged, judgeFile }: OwnersWord,
  seen: Facts,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<VisitOutcome> {
  const { target, run, settings } = visit;
  const by = { settings, rules: ports.linkRules };
  const optOut = run.settings.ignoreRobots ? undefined : (header.optOut ?? document.optOut);
  const own = canonicalElsewhere(document, visit, ports);
  const mayTake = optOut === undefined && judged.kind === 'free';
  const images = mayTake ? imagesIn(document, target, by) : NO_FINDS;
  const { kept, ...data } = mayTake ? await dataImages(document, visit, ports, judgeFile) : NO_DATA;
  const links = header.nofollow ? NO_FINDS : linksIn(document, target, by);
  const other = header.nofollow ? NO_FINDS : (own ?? NO_FINDS);
  const named = await sitemaps(document, visit, ports);
  const finds = [images, data, other, links, named].reduce(both, NO_FINDS);
  const facts: Facts = {
    ...seen,
    title: document.title,
    links: document.links.length + document.notFollowed,
    images: document.images.length,
    sightings: sightingsOf(both(images, data)),
    rights: judged.rights,
    detail: document.isCut ? 'longer than what is read of a document' : undefined,
  };
  if (own !== undefined) {
    const finalUrl = own.targets.map(requestUrlOf)[0];
    return { ...ended('canonical-elsewhere', { ...facts, finalUrl }), finds, kept };
  }
  if (optOut !== undefined)
    return { ...ended('opted-out', { ...facts, ...evidenceOf(optOut, header) }), finds };
  if (judged.kind === 'refused')
    return { ...ended(judged.reason, { ...facts, detail: judged.detail }), finds, kept };
  return { ...succeeded(facts), finds, kept };
}

function evidenceOf(optOut: string, header: PageDirectives): Pick<Facts, 'detail' | 'rights'> {
  const said = directivesStatement([optOut], header.optOut === undefined ? 'meta' : 'header');
  return { detail: `robots: ${optOut}`, rights: said === undefined ? undefined : [said] };
}

const NO_FINDS: Finds = { targets: [], leftOut: [] };

/** Images that came with a document. */
interface DataImages extends Finds {
  /** See `VisitOutcome`. */
  readonly kept?: Promise<unknown>;
}

const NO_DATA: DataImages = NO_FINDS;

/**
 * The address that a page prefers, where it would be followed. What the page itself names is taken
 * all the same: many a list has its first page as the canonical one of all others, and only they
 * name what is on them.
 */
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

async function sitemaps(
  document: Document,
  { target, run, settings }: DocumentVisit,
  { robots, linkRules }: DocumentPorts,
): Promise<Finds> {
  const isStart = document.kind === 'page' && target.depth === 0;
  if (!isStart || !settings.sitemaps || settings.depth === 0) return NO_FINDS;
  const named = await robots.sitemapsOf(target.url, run);
  return sitemapsOf(named, target, { settings, rules: linkRules });
}

/** Images that came with the document are kept at once, and settled as targets of their own. */
async function dataImages(
  document: Document,
  { target, run }: DocumentVisit,
  ports: DocumentPorts,
  judgeFile: JudgeFile,
): Promise<DataImages> {
  const targets: Target[] = [];
  const all: (Promise<unknown> | undefined)[] = [];
  const seen = new Set<string>();
  for (const { url: found, alt, title } of document.images) {
    const image = found.startsWith('data:') ? parseDataImage(found) : undefined;
    if (image === undefined || seen.has(image.url)) continue;
    seen.add(image.url);
    const { url, bytes, contentType } = image;
    const find = { depth: target.depth, foundOn: target.url, alt, title };
    const { reason, facts, kept } = await keepImage(
      { url, ...find },
      bytes,
      { contentType, bytes: bytes.byteLength },
      run,
      ports,
      judgeFile,
    );
    targets.push({ url, ...find, decided: { reason, facts } });
    all.push(kept);
  }
  return { targets, leftOut: [], kept: allKept(all) };
}

function sightingsOf({ targets }: Finds): string | undefined {
  const urls = targets.filter(({ kind }) => kind === undefined).map(({ url }) => url);
  return urls.length === 0 ? undefined : encodeSightings([...new Set(urls)]);
}
