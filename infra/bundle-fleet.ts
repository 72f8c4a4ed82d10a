/**
 * `node infra/bundle-fleet.ts FOLDER`: bundles the worker that polls the queue itself into
 * FOLDER/fleet.mjs, which needs nothing but Node.
 */
import { join } from 'node:path';
import { bundleProcess } from './bundle-process.ts';
import { UNUSED_PARSERS } from './unused-parsers.ts';

const [folder = ''] = process.argv.slice(2);
await bundleProcess({
  entry: 'lambdas/fleet/index.ts',
  outfile: join(folder, 'fleet.mjs'),
  external: UNUSED_PARSERS,
});
