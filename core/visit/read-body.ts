import { hash } from 'node:crypto';
import type { DocumentKind } from '../model/document-kind.ts';
import type { Facts } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { tokenOf } from '../model/run-token.ts';
import { type JudgeFile, VisitRights } from '../policies/visit-rights.ts';
import type { FetchOutcome, Headers } from '../ports/fetcher.ts';
import type { Inspection, StoredImage } from '../ports/images.ts';
import { pageDirectives } from '../rights/opt-out.ts';
import { allKept } from './all-kept.ts';
import { askPageHook } from './ask-page-hook.ts';
import { keepInspected } from './keep-image.ts';
import { withLesson } from './kept-image.ts';
import { lessonOfPage } from './kept-page.ts';
import type { Revisit } from './revisit.ts';
import { type DocumentPorts, type DocumentVisit, tellDocument } from './tell-document.ts';
import { ended, type NotAsked, refused, type VisitOutcome } from './visit-outcome.ts';
import { mediaType, notAsked } from './visit-step.ts';

/** The bytes that answered, and where. */
interface Answered {
  readonly outcome: Extract<FetchOutcome, { kind: 'body' }>;
  readonly at: string;
  /** Learns what later runs are told; undefined in runs without memory. */
  readonly teach: Revisit | undefined;
}

/** Reads a document and tells what it names; a link to a picture is a find like any other. */
export async function readBody(
  answered: Answered,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<VisitOutcome | NotAsked> {
  const { body, headers, httpStatus } = answered.outcome;
  const seen = { httpStatus, contentType: mediaType(headers), bytes: body.byteLength };
  const inspection = ports.inspectImage(body);
  const rights = new VisitRights(ports.rights, visit.run, visit.limits);
  return inspection.kind === 'not-an-image' || isMarkup(inspection, visit.target.kind)
    ? readText(answered, seen, rights, visit, ports)
    : keepPicture(answered, inspection, seen, rights, visit, ports);
}

async function keepPicture(
  { outcome, at, teach }: Answered,
  inspection: Inspection,
  seen: Facts,
  rights: VisitRights,
  { target, run }: DocumentVisit,
  ports: DocumentPorts,
): Promise<VisitOutcome | NotAsked> {
  const { body, headers } = outcome;
  const stop = (await rights.ask(at)) ?? (await rights.learnLicense(at, headers));
  if (stop?.kind === 'refused') return refused(stop, seen);
  if (stop !== undefined) return notAsked(stop);
  const judgeFile: JudgeFile = (inFile) => rights.judge(headers, inFile);
  const end = await keepInspected(target, body, inspection, seen, run, ports, judgeFile);
  return teach === undefined ? end : withLesson(end, outcome, teach);
}

async function readText(
  { outcome, at, teach }: Answered,
  seen: Facts,
  rights: VisitRights,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<VisitOutcome | NotAsked> {
  const { target, run, settings } = visit;
  const { body, headers } = outcome;
  await rights.learnRobots(at);
  const document = await ports.readDocument({
    bytes: body,
    contentType: headers['content-type'],
    linkHeader: headers['link'],
    url: at,
    expected: target.kind,
    productToken: tokenOf(run),
    purposes: run.settings.purposes,
    best: settings.best,
  });
  if (document.kind === 'not-a-page')
    return ended('not-a-page', { ...seen, detail: document.detail });
  const waiting = await rights.learnPage(at, document);
  if (waiting !== undefined) return waiting;
  const header = headerDirectives(headers, run);
  const judgeFile: JudgeFile = (inFile) => rights.judge(headers, inFile);
  const owner = { header, judged: rights.judgePage(), judgeFile };
  const end = await tellDocument(document, owner, seen, visit, ports);
  const lesson = teach && lessonOfPage(document, header, headers, teach);
  const told = lesson === undefined ? end : { ...end, lesson };
  const asked =
    end.status === 'succeeded' && document.kind === 'page'
      ? await askPageHook({ ...document, url: target.url, bytes: body }, told, visit, ports)
      : told;
  return archived(asked, body, visit, ports, teach);
}

/** A run for an archive keeps the bytes of documents, too. */
async function archived(
  end: VisitOutcome,
  body: Uint8Array,
  visit: DocumentVisit,
  ports: DocumentPorts,
  teach: Revisit | undefined,
): Promise<VisitOutcome> {
  if (visit.run.settings.archive !== true || end.status !== 'succeeded') return end;
  const { kept, ...place } = await keepDocument(body, visit, ports);
  const past = teach?.past?.remembered;
  const before = past?.facts.sha256 === place.sha256 ? past?.archived : undefined;
  const facts = { ...end.facts, ...place, archived: before };
  return { ...end, facts, kept: allKept([end.kept, kept]) };
}

/** What the header of an answer says of following and indexing. */
export function headerDirectives(headers: Headers, run: Run) {
  const { ignoreRobots, purposes } = run.settings;
  return pageDirectives(ignoreRobots ? {} : headers, [], tokenOf(run), purposes);
}

/** Keeps the bytes of a document beside images, under their hash. */
async function keepDocument(
  bytes: Uint8Array,
  { target: { kind, url }, run }: DocumentVisit,
  { imageStore }: DocumentPorts,
): Promise<StoredImage & Pick<Facts, 'sha256'>> {
  const sha256 = hash('sha256', bytes, 'hex');
  const stored = await imageStore.put(run, { url, bytes, sha256, format: FORMATS[kind] });
  return { ...stored, sha256 };
}

/** How the files of documents end. */
const FORMATS: Readonly<Record<DocumentKind, string>> = {
  page: 'html',
  style: 'css',
  sitemap: 'xml',
  manifest: 'json',
};

/** An SVG is an image; a sitemap or a style sheet that begins like one is what it was said to be. */
function isMarkup(inspection: { readonly kind: string }, kind: DocumentKind): boolean {
  return inspection.kind === 'corrupt' && kind !== 'page';
}
