/**
 * `node infra/bundle-image-process.ts FOLDER`: bundles the process for image work into FOLDER/process.mjs.
 * `sharp` stays a package beside it, for it is native.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { pathOf } from './path-of.ts';
import { REQUIRE_BANNER } from './require-banner.ts';

/** Handlers go in by path. */
const ENTRY = 'lambdas/worker/image-process.ts';

const [folder = ''] = process.argv.slice(2);
await build({
  entryPoints: [pathOf(ENTRY)],
  outfile: join(folder, 'process.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  banner: { js: REQUIRE_BANNER },
  external: ['sharp'],
  logLevel: 'warning',
});
