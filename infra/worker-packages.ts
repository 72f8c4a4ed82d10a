import { nodeCommand } from './path-of.ts';
import type { Settings } from './settings.ts';

/** What a function's asset has besides its bundle. */
export interface AssetExtras {
  /** Packages that stay packages: the bundle imports them. */
  readonly packages: readonly string[];
  /** Commands that add to the folder of the bundle. */
  readonly commands: (folder: string) => string[];
}

/** The asset of a function that is its bundle alone. */
export const NO_EXTRAS: AssetExtras = { packages: [], commands: () => [] };

/** Packages of the process for image work, which has a folder of its own: no hook can come to need them by chance. */
const IMAGE_PACKAGES = ['sharp'];

/** What the worker's asset has besides: packages of hooks, and the process for image work. */
export function workerExtras({
  imageWork,
  workerPackages,
  packagesFor,
}: Pick<Settings, 'imageWork' | 'workerPackages' | 'packagesFor'>): AssetExtras {
  const own = IMAGE_PACKAGES.filter((name) => !workerPackages.includes(name));
  const add = (folder: string, names: readonly string[]) =>
    nodeCommand('infra/add-packages.ts', packagesFor, folder, ...names);
  return {
    packages: workerPackages,
    commands: (folder) => [
      ...(workerPackages.length > 0 ? [add(folder, workerPackages)] : []),
      ...(imageWork ? [nodeCommand('infra/bundle-image-process.ts', `${folder}/image`)] : []),
      ...(imageWork && own.length > 0 ? [add(`${folder}/image`, own)] : []),
    ],
  };
}
