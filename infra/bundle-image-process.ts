/**
 * `node infra/bundle-image-process.ts FOLDER`: bundles the process for image work into FOLDER/process.mjs.
 * `sharp` stays a package beside it, for it is native.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Packages that are CommonJS ask for `require`, which an ES module does not have. */
const REQUIRE = "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);";

/** Handlers go in by path. */
const ENTRY = 'lambdas/worker/image-process.ts';

const [folder = ''] = process.argv.slice(2);
await build({
  entryPoints: [fileURLToPath(new URL(`../${ENTRY}`, import.meta.url))],
  outfile: join(folder, 'process.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  banner: { js: REQUIRE },
  external: ['sharp'],
  logLevel: 'warning',
});
