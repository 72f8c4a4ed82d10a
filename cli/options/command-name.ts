import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { PROJECT } from '../../local/project.ts';
import { quoted } from './quoted.ts';

/**
 * What a person types to run this command where they stand. `npx` finds it from inside the project
 * only: anywhere else it would fetch another package that has the same name.
 */
export function commandName(base: string): string {
  const project = resolve(PROJECT);
  if (isInside(real(base), real(project))) return 'npx crawl';
  return `npm run -s --prefix ${quoted(project)} crawl --`;
}

/** Whether a path is a folder or lies below it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^[a-z]:/i.test(way));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
