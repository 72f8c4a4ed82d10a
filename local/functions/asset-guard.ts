import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * From now on this thread imports nothing from outside a folder, and nothing of Node's is outside: an
 * asset lies below the project here, so that it would find packages of the project that it does not have
 * on Lambda. What is loaded already stays.
 */
export function guardAsset(folder: string): void {
  const inside = `${pathToFileURL(folder).href}/`;
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      if (!found.url.startsWith('file:') || found.url.startsWith(inside)) return found;
      throw new MissingPackageError(specifier);
    },
  });
}

/** A package that the asset of a function does not have. */
class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
  readonly code = 'ERR_MODULE_NOT_FOUND';

  constructor(specifier: string) {
    super(
      `Cannot find package '${specifier}' in the asset of this function: name it in the setting workerPackages`,
    );
  }
}
