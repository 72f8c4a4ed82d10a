import { type FSWatcher, watch } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildContext } from 'esbuild';
import { REQUIRE_BANNER } from '../../contract/require-banner.ts';
import { PROJECT } from '../project.ts';

/** What hooks are made of. */
const SOURCES = ['lambdas', 'adapters', 'core', 'contract'];

/** An editor writes a file in several steps, in milliseconds. */
const SETTLED_MS = 50;

/** The hooks as a module of their own. */
const ENTRY = `export { onImage } from './on-image.ts';
export { onPage } from './on-page.ts';`;

/**
 * Bundles the hooks into a file, and again whenever a source changes, until it is closed. A state that
 * does not build is told, and the one before it stays.
 */
export class HookBuilder {
  readonly #file: string;
  readonly #onNotice: (line: string) => void;
  readonly #build: BuildContext;
  readonly #watchers: readonly FSWatcher[];
  #timer: NodeJS.Timeout | undefined;
  #building = Promise.resolve();

  private constructor(file: string, build: BuildContext, onNotice: (line: string) => void) {
    this.#file = file;
    this.#build = build;
    this.#onNotice = onNotice;
    this.#watchers = SOURCES.map((folder) =>
      watch(join(PROJECT, folder), { recursive: true }, () => this.#soon()),
    );
  }

  /** Resolves when the file is there; `packages` are not bundled. Rejects when the hooks do not build. */
  static async start(
    file: string,
    packages: readonly string[],
    onNotice: (line: string) => void,
  ): Promise<HookBuilder> {
    await mkdir(dirname(file), { recursive: true });
    // Costs a command that builds no hooks as much as all of its own options.
    const { context } = await import('esbuild');
    const build = await context({
      stdin: { contents: ENTRY, resolveDir: join(PROJECT, 'lambdas', 'worker'), loader: 'ts' },
      outfile: draftOf(file),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      mainFields: ['module', 'main'],
      banner: { js: REQUIRE_BANNER },
      external: [...packages],
      sourcemap: 'inline',
      logLevel: 'silent',
    });
    const builder = new HookBuilder(file, build, onNotice);
    await builder.#make();
    return builder;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
    await this.#building;
    await this.#build.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#building = this.#make().then(
        () => this.#onNotice('hooks: built again'),
        (error) => this.#onNotice(`hooks: ${firstLines(error)}`),
      );
    }, SETTLED_MS);
  }

  async #make(): Promise<void> {
    await this.#build.rebuild();
    // Whole or not at all: a worker may read it at any moment.
    await rename(draftOf(this.#file), this.#file);
  }
}

function draftOf(file: string): string {
  return `${file}.draft`;
}

function firstLines(error: unknown): string {
  return String(error).split('\n').slice(0, 3).join(' ');
}
