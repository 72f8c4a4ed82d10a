import type { ArchivedExchange, Validity } from '../model/for-later-runs.ts';
import type { SettledResult } from '../model/result.ts';
import { urlDigest } from '../model/url-digest.ts';
import type { ImagePlace } from '../ports/images.ts';
import type { Lesson, Remembered } from '../ports/remembered.ts';
import { factsToKeep } from './facts-to-keep.ts';

/** HTTP tells times in seconds: what was seen so shortly before it was settled was seen then. */
const SAME_MS = 1000;

/** What a result says to later runs. `settledMs` is its own time, in milliseconds since 1970. */
export function validityOf(lesson: Lesson, settledMs: number): Validity {
  const { etag, lastModified, freshForMs, seenMs, document } = lesson;
  const isSame = seenMs <= settledMs && settledMs - seenMs < SAME_MS;
  return { etag, lastModified, freshForMs, seenMs: isSame ? undefined : seenMs, document };
}

/** What is remembered of a result; undefined where it says nothing to later runs. */
export function rememberedOf(result: SettledResult): Remembered | undefined {
  const { url, runId, fetchedAt, keptAt = fetchedAt, keptIn = runId, validity } = result;
  if (validity === undefined) return undefined;
  const { seenMs = Date.parse(fetchedAt), ...rest } = validity;
  const digest = urlDigest(url);
  const facts = factsToKeep(result);
  const [part, archived] = [partOf(result), archivedIn(result)];
  return { ...rest, digest, seenMs, keptMs: Date.parse(keptAt), keptIn, facts, part, archived };
}

/** The first exchange that brought these bytes. */
function archivedIn({ archived, exchanges = [] }: SettledResult): ArchivedExchange | undefined {
  const last = exchanges.at(-1);
  if (archived !== undefined || last === undefined) return archived;
  return { url: last.url, at: last.at, index: exchanges.length - 1 };
}

function partOf({ file, offset, length }: SettledResult): ImagePlace | undefined {
  return file === undefined || offset === undefined ? undefined : { file, offset, length };
}
