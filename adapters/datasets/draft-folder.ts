import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** Names what of a folder is a data set of ours; written last, so that a data set that has it is whole. */
export const MANIFEST = 'dataset.json';
/** Where a data set is written until it is whole. */
const DRAFT = '.dataset.part';

const manifest = z.object({ entries: z.array(z.string().regex(/^(?!\.\.?$)[^/\\]+$/)) });

/** The folder holds something that no export wrote. */
export class FolderTakenError extends Error {
  override readonly name = 'FolderTakenError';
}

/**
 * A data set that is being written into a folder. Nothing of it has its final name before all of
 * it is on the disk, and what is there of an earlier data set is replaced as a whole.
 */
export class DraftFolder {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Begins again, without what a killed export left. @throws FolderTakenError */
  static async begin(folder: string): Promise<DraftFolder> {
    const found = await readdir(folder).catch(() => []);
    const known = new Set([MANIFEST, `${MANIFEST}.part`, DRAFT, ...(await entriesIn(folder))]);
    const other = found.find((name) => !known.has(name));
    if (other !== undefined) throw new FolderTakenError(`${folder} holds ${other}`);
    const draft = new DraftFolder(folder);
    await rm(draft.path(), { recursive: true, force: true });
    await mkdir(draft.path('files'), { recursive: true });
    return draft;
  }

  /** A place inside the draft; `files` is what will be published. */
  path(...names: readonly string[]): string {
    return join(this.#folder, DRAFT, ...names);
  }

  /** Puts the data set in its place; `facts` are kept beside the names of what it has. */
  async publish(facts: Readonly<Record<string, unknown>>): Promise<void> {
    const entries = (await readdir(this.path('files'))).sort();
    const before = await entriesIn(this.#folder);
    const list = join(this.#folder, MANIFEST);
    // From now on the folder has no data set that is said to be whole. The names of both stay known.
    await writeList(list, { entries: [...new Set([...before, ...entries])], whole: false });
    for (const name of before) await rm(join(this.#folder, name), { recursive: true, force: true });
    for (const name of entries) await rename(this.path('files', name), join(this.#folder, name));
    await writeList(list, { ...facts, entries, whole: true });
    await this.discard();
  }

  /** Removes what was written and not published. */
  async discard(): Promise<void> {
    await rm(this.path(), { recursive: true, force: true });
  }
}

/** Removes a data set from its folder, and the folder where nothing else is in it. */
export async function removeDataSet(folder: string): Promise<void> {
  const names = await entriesIn(folder);
  for (const name of [...names, MANIFEST, DRAFT])
    await rm(join(folder, name), { recursive: true, force: true });
  await rmdir(folder).catch(() => {}); // other things are in it, or it is not there
}

async function writeList(path: string, content: unknown): Promise<void> {
  await writeFile(`${path}.part`, `${JSON.stringify(content, undefined, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** What an earlier export wrote into a folder. */
async function entriesIn(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const parsed = manifest.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data.entries : [];
}
