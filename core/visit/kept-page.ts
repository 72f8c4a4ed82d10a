import type { Document } from '../links/finds-of-document.ts';
import type { Past } from '../memory/group-memory.ts';
import type { Facts } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { type JudgeFile, VisitRights } from '../policies/visit-rights.ts';
import type { FetchOutcome, Headers } from '../ports/fetcher.ts';
import { headersOf } from '../ports/fetcher.ts';
import type { KeptDocument, Lesson } from '../ports/remembered.ts';
import type { PageDirectives } from '../rights/opt-out.ts';
import { isHeld, knownImage, pictureOf, unchangedImage, type VisitMemory } from './kept-image.ts';
import { factsOfKept, lessonOfKnown, type Revisit } from './revisit.ts';
import { type DocumentPorts, type DocumentVisit, tellDocument } from './tell-document.ts';
import { ended, type VisitOutcome } from './visit-outcome.ts';

/** Longest document that is remembered, as JSON: one with large pictures inside is read again. */
const MAX_LENGTH = 300_000;

/** What is known of a URL that is visited as a document. */
export interface PastPage {
  readonly past: Past;
  /** What it named; absent where a picture was there. */
  readonly kept?: KeptDocument;
}

/** What is known of it, as long as what it named, or the picture that it was, is there. */
export async function pastOfPage(
  { past, images }: VisitMemory,
  run: Run,
): Promise<PastPage | undefined> {
  if (past === undefined) return undefined;
  const picture = pictureOf(past.remembered);
  if (picture !== undefined) return isHeld(past, picture, images, run) ? { past } : undefined;
  const kept = await past.document();
  return kept === undefined ? undefined : { past, kept };
}

/** A document that is not read again, and what its visit goes by. */
export interface PageRevisit {
  readonly revisit: Revisit;
  readonly memory: VisitMemory;
  readonly page: PastPage;
}

/** The end of a document that need not be asked for; undefined when it has to be. */
export async function knownPage(
  { revisit, memory, page }: PageRevisit,
  at: string,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<VisitOutcome | undefined> {
  const { run, limits } = visit;
  const { past, kept } = page;
  if (!past.isKnown || (await limits.isCancelled())) return undefined;
  // Its links need what robots.txt says, and with it where the sitemaps are.
  const robots = await ports.robots.check(at, run, limits);
  if (robots.kind !== 'go') return undefined;
  if (kept === undefined) return knownImage(revisit, memory, run, limits);
  const end = await tellKept(kept, factsOfKept(past.remembered), {}, at, visit, ports);
  const lesson = lessonOfKnown(past);
  if (end.status !== 'succeeded') return { ...end, lesson };
  const { facts, finds, kept: imagesKept } = end;
  return { ...ended('known', facts), finds, lesson, kept: imagesKept };
}

/** The end of a document whose site said that nothing changed; undefined when that says nothing. */
export async function unchangedPage(
  outcome: FetchOutcome,
  { revisit, memory, page }: PageRevisit,
  at: string,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<VisitOutcome | undefined> {
  const { run, limits } = visit;
  const headers = headersOf(outcome);
  const past = revisit.versionOf(headers);
  if (past === undefined) return undefined;
  if (page.kept === undefined) {
    const rights = new VisitRights(ports.rights, run, limits);
    return unchangedImage(outcome, revisit, memory, run, rights);
  }
  const seen = factsOfKept(past.remembered);
  const facts: Facts = { ...seen, httpStatus: outcome.httpStatus, unchanged: true };
  const end = await tellKept(page.kept, facts, headers, at, visit, ports);
  return { ...end, lesson: revisit.lessonOfNotModified(headers, past) };
}

/** What later runs are told of a document that was read; undefined where it is too long to be kept. */
export function lessonOfPage(
  document: Document,
  { optOut, nofollow }: PageDirectives,
  headers: Headers,
  revisit: Revisit,
): Lesson | undefined {
  const kept: KeptDocument = { document, optOut, nofollow };
  // Its terms may change while it does not: it is read, and they are asked for, each time.
  if (document.mining !== undefined || document.license !== undefined) return undefined;
  if (lengthOf(document) > MAX_LENGTH) return undefined;
  return { ...revisit.lessonOf(headers), read: kept };
}

function lengthOf({ images, links }: Document): number {
  return [...images, ...links].reduce((sum, { url }) => sum + url.length + 100, 0);
}

async function tellKept(
  { document, optOut, nofollow }: KeptDocument,
  seen: Facts,
  headers: Headers,
  at: string,
  visit: DocumentVisit,
  ports: DocumentPorts,
): Promise<VisitOutcome> {
  const rights = new VisitRights(ports.rights, visit.run, visit.limits);
  await rights.learnRobots(at);
  const directives: PageDirectives = { optOut, nofollow };
  const judgeFile: JudgeFile = (inFile) => rights.judge(headers, inFile);
  const owner = { header: directives, judged: rights.judgePage(), judgeFile };
  return tellDocument(document, owner, seen, visit, ports);
}
