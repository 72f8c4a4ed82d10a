import { type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PROJECT } from '../../local/project.ts';
import { isInside } from './command-name.ts';

/** Name of the folder with local state. */
export const DEFAULT_DATA = '.crawl';

/** Others may write into the folder. */
const WORLD_WRITABLE = 0o002;

/**
 * The folder of local state when none is named: the nearest `.crawl` of this user, in the folder
 * where they stand or one above it; below the project that of the project; otherwise a new one here.
 * Not one below a folder that everybody may write, like /tmp: anybody could have put it there.
 */
export function usualDataDir(base: string): string {
  const home = isInside(resolve(base), resolve(PROJECT)) ? resolve(PROJECT) : undefined;
  for (let at = resolve(base); at !== home; at = dirname(at)) {
    const isShared = at !== resolve(base) && ((statOf(at)?.mode ?? 0) & WORLD_WRITABLE) !== 0;
    const found = isShared ? undefined : statOf(join(at, DEFAULT_DATA));
    if (found?.isDirectory() && isOurs(found)) return join(at, DEFAULT_DATA);
    if (isShared || at === dirname(at)) break;
  }
  return join(home ?? resolve(base), DEFAULT_DATA);
}

function isOurs({ uid }: Stats): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
