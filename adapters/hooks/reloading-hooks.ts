import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { OnImage, OnPage } from '../../core/ports/hooks.ts';

/** The two hooks of a worker. */
export interface Hooks {
  readonly onImage: OnImage;
  readonly onPage: OnPage;
}

/** How often the file is looked at, in milliseconds. */
const LOOK_MS = 100;

/** Hooks of a module that is read again whenever its file has changed: for whoever is writing them. */
export function reloadingHooks(path: string, now: () => number): Hooks {
  let hooks: Promise<Hooks> | undefined;
  let version = 0;
  let lookedMs = Number.NEGATIVE_INFINITY;
  const current = async (): Promise<Hooks> => {
    if (hooks === undefined || now() - lookedMs >= LOOK_MS) {
      lookedMs = now();
      const { mtimeMs } = await stat(path);
      if (hooks === undefined || mtimeMs !== version) {
        version = mtimeMs;
        hooks = import(`${pathToFileURL(path).href}?${mtimeMs}`);
      }
    }
    return hooks;
  };
  return {
    onImage: async (image, context) => (await current()).onImage(image, context),
    onPage: async (page, context) => (await current()).onPage(page, context),
  };
}
