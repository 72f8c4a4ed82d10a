import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { pathOf } from './path-of.ts';

const names = z.record(z.string(), z.string()).default({});
const entry = z.looseObject({
  version: z.string().optional(),
  dependencies: names,
  optionalDependencies: names,
});
const lock = z.looseObject({ packages: z.record(z.string(), entry) });

/** Packages of the project's lock file by their places, as in `node_modules/sharp`. */
export type LockedPackages = Readonly<Record<string, z.output<typeof entry>>>;

/** The named packages and all that they need. @throws Error for one that the project does not have */
export function lockedPackages(wanted: readonly string[]): LockedPackages {
  const { packages } = lock.parse(JSON.parse(readFileSync(pathOf('package-lock.json'), 'utf8')));
  const found: Record<string, z.output<typeof entry>> = {};
  const open = wanted.map((name) => ({ name, from: '' }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, from } = next;
    const place = placeOf(name, from, packages);
    const known = place === undefined ? undefined : packages[place];
    if (place === undefined || known === undefined) {
      if (from !== '') continue; // an optional one of another system
      throw new Error(`workerPackages: ${name} is not installed; npm install -D ${name}`);
    }
    if (found[place] !== undefined) continue;
    found[place] = known;
    const needed = { ...known.dependencies, ...known.optionalDependencies };
    open.push(...Object.keys(needed).map((other) => ({ name: other, from: place })));
  }
  return found;
}

/** Node looks beside the package first, and then in each folder above. */
function placeOf(name: string, from: string, packages: LockedPackages): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (at === '') return undefined;
  }
}
