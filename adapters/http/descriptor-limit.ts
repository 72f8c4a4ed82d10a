import { readFileSync } from 'node:fs';

/** What a process may have open where its system does not tell: as on Lambda. */
const DEFAULT_LIMIT = 1024;
/** Descriptors for all but the fetcher: SDK clients, look-ups, files, Node itself. */
const RESERVE = 256;
/** More would be idle: three times what a worker has in flight at most. */
const MOST_SOCKETS = 768;

/** Sockets that a fetcher may have open at once, by the descriptors that this process may have. */
export function defaultMaxSockets(limit = descriptorLimit()): number {
  return Math.min(MOST_SOCKETS, Math.max(Math.floor(limit / 4), limit - RESERVE));
}

/** Linux tells at once; `process.report` would take 3 ms of every start, and more on some systems. */
export function descriptorLimit(): number {
  try {
    const [, soft] =
      /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? DEFAULT_LIMIT : Number(soft);
  } catch {
    return DEFAULT_LIMIT;
  }
}
