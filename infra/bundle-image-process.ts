/**
 * `node infra/bundle-image-process.ts FOLDER`: bundles the process for image work into FOLDER/process.mjs.
 * `sharp` stays a package beside it, for it is native.
 */
import { join } from 'node:path';
import { bundleProcess } from './bundle-process.ts';

const [folder = ''] = process.argv.slice(2);
await bundleProcess({
  entry: 'lambdas/worker/image-process.ts',
  outfile: join(folder, 'process.mjs'),
  external: ['sharp'],
});
