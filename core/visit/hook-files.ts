import { hash } from 'node:crypto';
import type { ExtraFields } from '../model/extra-fields.ts';
import type { Run } from '../model/run.ts';
import type { HookFile } from '../ports/hooks.ts';
import type { SideFileStore } from '../ports/images.ts';

/** Most files of one image or page. */
const MAX_FILES = 10;

/** Stores what a hook returned; by the same names, where each file is. @throws Error for a bad name */
export async function storeFiles(
  files: Readonly<Record<string, HookFile>> | undefined,
  run: Run,
  store: SideFileStore,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (files === undefined) return undefined;
  const all = Object.entries(files);
  if (all.length === 0) return undefined;
  if (all.length > MAX_FILES)
    throw new Error(`a hook returned ${all.length} files, allowed are ${MAX_FILES}`);
  for (const [name, { ending }] of all) checkNames(name, ending);
  const places: Record<string, string> = {};
  for (const [name, { bytes, ending, contentType }] of all) {
    const sha256 = hash('sha256', bytes, 'hex');
    places[name] = await store.put(run, { folder: 'files', bytes, sha256, ending, contentType });
  }
  return places;
}

function checkNames(name: string, ending: string): void {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(name))
    throw new Error(`files of a hook: expected a name of letters, digits, - and _, got "${name}"`);
  if (!/^[a-z0-9]{1,10}$/.test(ending))
    throw new Error(`files of a hook: expected an ending like jpg, got "${ending}"`);
}

/** NaN and the infinities have no JSON: a result that holds one could never be read again. */
export function finiteOnly(extra: ExtraFields | undefined): ExtraFields | undefined {
  if (extra === undefined) return undefined;
  const kept = Object.entries(extra).filter(
    ([, value]) => typeof value !== 'number' || Number.isFinite(value),
  );
  return Object.fromEntries(kept);
}
