/**
 * `node infra/bundle-fleet.ts FOLDER`: bundles the worker that polls the queue itself into
 * FOLDER/fleet.mjs, which needs nothing but Node.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { pathOf } from './path-of.ts';
import { REQUIRE_BANNER } from './require-banner.ts';

/** Handlers go in by path. */
const ENTRY = 'lambdas/fleet/index.ts';

const [folder = ''] = process.argv.slice(2);
await build({
  entryPoints: [pathOf(ENTRY)],
  outfile: join(folder, 'fleet.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  banner: { js: REQUIRE_BANNER },
  // undici has four HTTP parsers, and asks for one.
  external: ['../milo/*.js', '../llhttp/llhttp-wasm.js'],
  logLevel: 'warning',
});
