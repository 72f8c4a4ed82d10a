import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type WatchedRun, watchRun } from '../../../cli/watch/watch-run.ts';
import type { ResultBody } from '../../../contract/items.ts';
import type { HostRecord } from '../../../core/model/host-record.ts';
import type { RunProgress } from '../../../core/model/progress.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { aProgress, aRun } from '../records.ts';

/** A run as its page is to see it. */
interface AWatchedRun {
  readonly results?: readonly ResultBody[];
  readonly progress?: Partial<RunProgress>;
  readonly hosts?: Readonly<Record<string, HostRecord>>;
  readonly sourceName?: string;
  /** Files of the images folder, by their paths below it. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
}

/** The live page of a run that stands still, and how often its table was asked. */
export interface ServedRun {
  readonly page: WatchedRun;
  readonly imagesFolder: string;
  readonly asked: { progress: number; results: number; hosts: number };
}

/** Serves a run; gone when the test ends. */
export async function serveRun(given: AWatchedRun = {}): Promise<ServedRun> {
  const folder = await freshFolder();
  const imagesFolder = join(folder, 'images');
  for (const [name, content] of Object.entries(given.files ?? {})) {
    await mkdir(dirname(join(imagesFolder, name)), { recursive: true });
    await writeFile(join(imagesFolder, name), content);
  }
  const plain = aRun();
  const lists = plain.lists.map((list) => ({ ...list, name: given.sourceName ?? list.name }));
  const run = aRun({ lists, settings: { ...plain.settings, imagesFolder } });
  const asked = { progress: 0, results: 0, hosts: 0 };
  const archive = {
    read: async () => run,
    progress: async () => {
      asked.progress += 1;
      return aProgress({ ended: false, state: 'running', ...given.progress });
    },
    results: async function* () {
      asked.results += 1;
      yield* given.results ?? [];
    },
    faults: async () => [],
  };
  const hosts = {
    read: async (host: string) => {
      asked.hosts += 1;
      return given.hosts?.[host];
    },
  };
  const page = await watchRun({
    run,
    deployment: { kind: 'here', dataDir: folder },
    open: async () => ({ archive, hosts, live: true, close: async () => {} }),
    isHere: false,
    port: 0,
  });
  onTestFinished(() => page.close());
  return { page, imagesFolder, asked };
}
