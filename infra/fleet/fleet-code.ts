import { spawnSync } from 'node:child_process';
import { AssetHashType, BundlingOutput, DockerImage } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { pathOf } from '../path-of.ts';

/** The worker's bundle: one file in the bucket of the CDK. Made by this Node, without Docker. */
export function fleetCode(scope: Construct): Asset {
  return new Asset(scope, 'Code', {
    path: pathOf('lambdas/fleet'),
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the bundle is made here, or the synthesis fails.
      image: DockerImage.fromRegistry('none'),
      outputType: BundlingOutput.SINGLE_FILE,
      local: { tryBundle: bundle },
    },
  });
}

function bundle(folder: string): boolean {
  const made = spawnSync(process.execPath, [pathOf('infra/bundle-fleet.ts'), folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (made.status !== 0) throw new Error('the worker of the fleet cannot be bundled, see above');
  return true;
}
