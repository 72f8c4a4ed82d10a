import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../project.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Where everything is that is made of the sources. */
const PARENT = join(PROJECT, 'cdk.out');

/** What is made of sources, in a folder that is named after their digest. */
export interface Made {
  /** As in `local` of `cdk.out/local-0123456789abcdef`. */
  readonly kind: string;
  readonly digest: string;
  /** For how many days it is kept when the sources have changed. */
  readonly keptDays: number;
  /** Fills an empty folder. */
  readonly make: (draft: string) => Promise<void>;
}

/** Makes the folder unless it is there: whole or not at all, and two processes at once do no harm. */
export async function makeOnce({ kind, digest, keptDays, make }: Made): Promise<string> {
  const folder = join(PARENT, `${kind}-${digest}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await make(draft);
    await rename(draft, folder);
    await prune(kind, keptDays);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** What earlier sources made goes after days, not at once: a crawl of theirs may still be running. */
async function prune(kind: string, keptDays: number): Promise<void> {
  for (const name of await readdir(PARENT)) {
    if (!name.startsWith(`${kind}-`)) continue;
    const path = join(PARENT, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > keptDays * DAY_MS) await rm(path, { recursive: true, force: true });
  }
}
