/**
 * Sizes of items in bytes, packed, as a run of this machine has them: the units that follow are held
 * against those that `npm run cost` counts, see docs/scale.md.
 */
const BACKLOG_BYTES = 24;
const RESULT_BYTES = 40;
/** Of an index, for each URL. */
const DIGEST_BYTES = 12;

/** Write units of a task in the backlog. */
export function backlogWrites(urls: number, tasks: number): number {
  return Math.max(tasks, Math.ceil((urls * BACKLOG_BYTES) / 1024));
}

/** Read units of it. */
export function backlogReads(urls: number, tasks: number): number {
  return Math.max(tasks, Math.ceil((urls * BACKLOG_BYTES) / 4096));
}

/** Write units of a pack of results. */
export function packWrites(results: number, packs: number): number {
  return Math.max(packs, Math.ceil((results * RESULT_BYTES) / 1024));
}

/** Read units of what whoever enters a group reads. */
export function enterReads(indexed: number, unindexed: number): number {
  return Math.max(1, Math.ceil((indexed * DIGEST_BYTES + unindexed * RESULT_BYTES) / 4096));
}

/** Write units of a part of an index. */
export function indexWrites(urls: number): number {
  return Math.ceil((urls * DIGEST_BYTES) / 1024);
}
