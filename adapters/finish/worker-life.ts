/** A worker lives for so long at most: what it began before a run had ended is done by then. In milliseconds. */
export const WORKER_LIFE_MS = 15 * 60_000;
