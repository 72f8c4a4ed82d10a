import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { build, type Plugin, stop, transform } from 'esbuild';
import { REQUIRE_BANNER } from '../contract/require-banner.ts';
import { PROJECT } from '../local/project.ts';

/** A program of its own besides its JavaScript. */
const UNBUNDLED = ['esbuild'];

/** What is loaded before the bundle, and keeps what it knows. */
const SHARED: ReadonlySet<string> = new Set(['source-digest.ts', 'light-http.ts', 'project.ts']);

/**
 * Bundles the command into a folder two levels below the project's. Sources that cannot be bundled
 * leave a module that leads to them: whoever runs it is told by Node what is wrong with them.
 */
export async function buildCommand(folder: string): Promise<void> {
  const entry = join(PROJECT, 'cli', 'crawl.ts');
  try {
    await build({
      entryPoints: [entry],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      // What is imported when it is needed is a file of its own. And without this every module is
      // wrapped in a function, which takes as long to load as a thousand files.
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      mainFields: ['module', 'main'],
      external: UNBUNDLED,
      banner: { js: REQUIRE_BANNER },
      sourcemap: true,
      sourcesContent: false,
      plugins: [ownPlaces(folder)],
      logLevel: 'silent',
    });
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const reason = error.message.replaceAll(/^/gm, '// ');
    const way = JSON.stringify(specifierOf(entry, folder));
    await writeFile(join(folder, 'crawl.mjs'), `${reason}\nawait import(${way});\n`);
  } finally {
    await stop();
  }
}

/** Sources find what lies beside them: their place is theirs and not that of the bundle. */
function ownPlaces(folder: string): Plugin {
  return {
    name: 'own-places',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const file = resolve(resolveDir, path);
        const name = relative(join(PROJECT, 'local'), file);
        return SHARED.has(name) ? { path: specifierOf(file, folder), external: true } : undefined;
      });
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!source.includes('import.meta.url')) return { contents: source, loader: 'ts' };
        return { contents: await withOwnUrl(source, path, folder), loader: 'js' };
      });
    },
  };
}

/** The source with its own URL, not that of the bundle, in every expression that asks for it. */
async function withOwnUrl(source: string, path: string, folder: string): Promise<string> {
  const { code } = await transform(source, {
    loader: 'ts',
    target: 'node24',
    // Names what is an expression alone: a text that contains these words stays as it is.
    define: { 'import.meta.url': '__ownUrl' },
    sourcefile: path,
    sourcemap: 'inline',
    sourcesContent: false,
  });
  const place = `new URL(${JSON.stringify(specifierOf(path, folder))}, import.meta.url).href`;
  return `const __ownUrl = ${place};${code}`;
}

/** How a module of the folder imports a file. */
function specifierOf(file: string, folder: string): string {
  const path = relative(folder, file).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

function isBuildFailure(error: unknown): error is Error {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
