import type { ResultBody } from '../../contract/items.ts';

/** What became of a URL between two runs. */
export const CHANGES = ['new', 'gone', 'changed', 'moved', 'unchanged'] as const;

/** One of them. */
export type Change = (typeof CHANGES)[number];

/** One URL that either run kept. */
export interface DiffLine {
  readonly change: Change;
  readonly url: string;
  /** Of a moved picture: where it was. */
  readonly from?: string;
  /** Why the later run did not keep it; `not-asked` where it did not meet the URL. */
  readonly reason?: string;
  readonly httpStatus?: number;
  /** When it was last fetched or confirmed, in these two runs: ISO 8601, UTC. */
  readonly lastSeen?: string;
  /** Since when that holds, as far as these two runs show: ISO 8601, UTC. */
  readonly since: string;
  readonly sha256?: string;
  readonly file?: string;
  /** Of a changed picture: what it was. */
  readonly oldSha256?: string;
  readonly oldFile?: string;
  /** The page that names it. */
  readonly foundOn?: string;
}

/** The results of two runs that can name the same URLs: of one host group, or all. */
export interface DiffPart {
  readonly before: AsyncIterable<ResultBody>;
  readonly after: AsyncIterable<ResultBody>;
}

/** A URL that one run kept, as much as a line needs. */
type Kept = Omit<DiffLine, 'change'>;

/**
 * The difference of two runs. Lines of what both kept come part by part; what only one of them kept comes
 * last, since a picture may be at another URL now, in any part. Holds the URLs of one part, and those.
 * `startedAt` is when the later run began (ISO 8601).
 */
export async function* diffRuns(
  parts: AsyncIterable<DiffPart>,
  startedAt: string,
): AsyncGenerator<DiffLine> {
  const gone: Kept[] = [];
  const fresh: Kept[] = [];
  for await (const { before, after } of parts) {
    const kept = new Map<string, ResultBody>();
    for await (const result of before) if (isKept(result)) kept.set(result.url, result);
    for await (const result of after) {
      const old = kept.get(result.url);
      kept.delete(result.url);
      if (old !== undefined && isKept(result)) yield both(old, result);
      else if (old !== undefined) gone.push(goneOf(old, result));
      else if (isKept(result)) fresh.push(newOf(result));
    }
    for (const old of kept.values()) gone.push({ ...lastOf(old), ...NOT_ASKED, since: startedAt });
  }
  yield* oneSided(gone, fresh);
}

const NOT_ASKED = { reason: 'not-asked' } as const;

/** It succeeded, now or in an earlier run. */
function isKept({ status, reason }: ResultBody): boolean {
  return status === 'succeeded' || reason === 'known';
}

function both(old: ResultBody, now: ResultBody): DiffLine {
  const { url, sha256, file, fetchedAt, foundOn } = now;
  // A page has no hash: it is compared by what its site said.
  const isSame =
    sha256 === undefined ? now.unchanged === true || now.reason === 'known' : sha256 === old.sha256;
  const line = { url, since: now.keptAt ?? fetchedAt, sha256, file, foundOn };
  if (isSame) return { ...line, change: 'unchanged', lastSeen: fetchedAt };
  return {
    ...line,
    change: 'changed',
    lastSeen: old.fetchedAt,
    oldSha256: old.sha256,
    oldFile: old.file,
  };
}

function goneOf(old: ResultBody, { reason, httpStatus, fetchedAt }: ResultBody): Kept {
  return { ...lastOf(old), reason: reason ?? undefined, httpStatus, since: fetchedAt };
}

function newOf({ url, sha256, file, fetchedAt, foundOn }: ResultBody): Kept {
  return { url, sha256, file, since: fetchedAt, foundOn };
}

function lastOf({ url, sha256, file, fetchedAt, foundOn }: ResultBody): Omit<Kept, 'since'> {
  return { url, sha256, file, lastSeen: fetchedAt, foundOn };
}

/** A new picture with the bytes of one that is gone has moved: each of these once. */
function* oneSided(gone: readonly Kept[], fresh: readonly Kept[]): Generator<DiffLine> {
  const byHash = Map.groupBy(gone, ({ sha256 }) => sha256);
  const moved = new Set<Kept>();
  for (const now of fresh) {
    const old = now.sha256 === undefined ? undefined : byHash.get(now.sha256)?.shift();
    if (old === undefined) yield { change: 'new', ...now };
    else {
      moved.add(old);
      yield { change: 'moved', ...now, from: old.url, lastSeen: old.lastSeen };
    }
  }
  for (const old of gone) if (!moved.has(old)) yield { change: 'gone', ...old };
}
