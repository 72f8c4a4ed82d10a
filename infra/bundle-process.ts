import { build } from 'esbuild';
import { REQUIRE_BANNER } from '../contract/require-banner.ts';
import { pathOf } from './path-of.ts';

/** A process beside the functions, as it is bundled into an asset. */
export interface BundledProcess {
  /** Handlers go in by path: of its module, from the project's folder on. */
  readonly entry: string;
  readonly outfile: string;
  /** What stays outside, as esbuild takes it. */
  readonly external: readonly string[];
}

/** Bundles a process into one file, which needs nothing but Node and what stays outside. */
export async function bundleProcess({ entry, outfile, external }: BundledProcess): Promise<void> {
  await build({
    entryPoints: [pathOf(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    banner: { js: REQUIRE_BANNER },
    external: [...external],
    logLevel: 'warning',
  });
}
