import type { RequestLimits } from '../hosts/request-limits.ts';
import type { Past } from '../memory/group-memory.ts';
import type { Facts } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { VisitRights } from '../policies/visit-rights.ts';
import type { FetchOutcome } from '../ports/fetcher.ts';
import { headersOf } from '../ports/fetcher.ts';
import type {
  EarlierImages,
  ImagePlace,
  ImageStore,
  KeptBytes,
  KeptPicture,
  StoredImage,
} from '../ports/images.ts';
import type { Remembered } from '../ports/remembered.ts';
import { judgeImage } from './judge-image.ts';
import { factsOfKept, lessonOfKnown, type Revisit } from './revisit.ts';
import { ended, refused, succeeded, type VisitOutcome } from './visit-outcome.ts';

/** What a visit may take from earlier runs. */
export interface VisitMemory {
  /** What is known of its URL. */
  readonly past?: Past;
  readonly images: EarlierImages;
  /** Where earlier runs kept images, the latest first. */
  readonly roots: readonly string[];
}

/** The picture of a URL that is remembered; undefined where it was none. */
export function pictureOf({ facts, part }: Remembered): KeptPicture | undefined {
  const { sha256, format, bytes } = facts;
  if (sha256 === undefined || format === undefined || bytes === undefined) return undefined;
  return { sha256, format, bytes, part };
}

/**
 * What is known of a picture. Where its site may answer that nothing changed, it has to be there: what is
 * to be taken without a question is looked for when it is taken.
 */
export function pastOfImage({ past, images }: VisitMemory, run: Run): Past | undefined {
  if (past === undefined) return undefined;
  const picture = pictureOf(past.remembered);
  if (picture === undefined) return undefined;
  return past.conditions === undefined || isHeld(past, picture, images, run) ? past : undefined;
}

/** Whether the picture is there for the run, as far as it can be told without a request. */
export function isHeld(
  { root }: Past,
  picture: KeptPicture,
  images: EarlierImages,
  run: Run,
): boolean {
  return root !== undefined && images.holds(run, picture, root);
}

/**
 * The end of a picture that need not be asked for; undefined when it has to be, when it is not there
 * any more, or when the run asks for nothing more.
 */
export async function knownImage(
  revisit: Revisit,
  { images }: VisitMemory,
  run: Run,
  { isCancelled }: Pick<RequestLimits, 'isCancelled'>,
): Promise<VisitOutcome | undefined> {
  const { past } = revisit;
  if (past?.isKnown !== true || (await isCancelled())) return undefined;
  const kept = await adopted(past, images, run);
  if (kept === undefined) {
    revisit.forget();
    return undefined;
  }
  return unfit(past, run) ?? { ...ended('known', kept), lesson: lessonOfKnown(past) };
}

/** The end of a picture whose site said that nothing changed; undefined when it is not there any more. */
export async function unchangedImage(
  outcome: FetchOutcome,
  revisit: Revisit,
  { images }: VisitMemory,
  run: Run,
  rights: VisitRights,
): Promise<VisitOutcome | undefined> {
  const headers = headersOf(outcome);
  const past = revisit.versionOf(headers);
  if (past === undefined) return undefined;
  // What its owner says now counts, and a 304 may say it.
  const verdict = rights.judge(headers, past.remembered.facts.rights);
  if (verdict.kind === 'refused') return refused(verdict, { httpStatus: outcome.httpStatus });
  const kept = await adopted(past, images, run);
  if (kept === undefined) return undefined;
  const facts: Facts = { ...kept, httpStatus: outcome.httpStatus, unchanged: true };
  const lesson = revisit.lessonOfNotModified(headers, past);
  return unfit(past, run) ?? { ...succeeded(facts), lesson };
}

/**
 * Where pictures of the visit go: one that an earlier run has, of this URL or of another one, is
 * not written again.
 */
export function storeBeside(
  { imageStore }: { readonly imageStore: ImageStore },
  { past, images, roots }: VisitMemory,
): ImageStore {
  const put = async (run: Run, image: KeptBytes): Promise<StoredImage> => {
    const known = past && pictureOf(past.remembered);
    const isSame = known?.sha256 === image.sha256;
    const there = past && known && isSame ? await adopt(past, known, images, run) : undefined;
    return there ?? imageStore.put(run, image, roots);
  };
  return { put };
}

/**
 * An end with what later runs are told of it. One with the same bytes as before says so, and keeps
 * the time at which they were downloaded first. Nothing is told of an image that a hook changed: under
 * its hash there is nothing.
 */
export function withLesson(
  ending: VisitOutcome,
  outcome: FetchOutcome,
  revisit: Revisit,
): VisitOutcome {
  if (ending.status !== 'succeeded' || outcome.kind !== 'body') return ending;
  if (ending.facts.storedSha256 !== undefined) return ending;
  const lesson = revisit.lessonOf(outcome.headers);
  const same = revisit.past?.remembered;
  const { facts } = ending;
  if (same === undefined || same.facts.sha256 !== facts.sha256) return { ...ending, lesson };
  const { keptMs, keptIn, archived } = same;
  const keptAt = new Date(keptMs).toISOString();
  return { ...ending, facts: { ...facts, unchanged: true, keptAt, keptIn, archived }, lesson };
}

async function adopted(past: Past, images: EarlierImages, run: Run): Promise<Facts | undefined> {
  const { remembered } = past;
  const picture = pictureOf(remembered);
  const place = picture && (await adopt(past, picture, images, run));
  return place === undefined ? undefined : { ...factsOfKept(remembered), ...place };
}

async function adopt(
  { root }: Past,
  picture: KeptPicture,
  images: EarlierImages,
  run: Run,
): Promise<ImagePlace | undefined> {
  return root === undefined ? undefined : images.adopt(run, picture, root);
}

/** The end of a picture that this run would not keep. */
function unfit({ remembered }: Past, { settings }: Run): VisitOutcome | undefined {
  const { format, width = 1, height = 1, bytes = 0 } = remembered.facts;
  if (format === undefined) return undefined;
  const judged = judgeImage({ kind: 'image', facts: { format, width, height } }, bytes, settings);
  return judged.kind === 'fit' ? undefined : ended(judged.reason, judged.facts);
}
