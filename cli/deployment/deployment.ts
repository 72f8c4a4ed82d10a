import type { Crawler, OpenArchive, RunnerOptions } from './crawler.ts';
import { openLocalArchive, startLocalCrawler } from './local-crawler.ts';

/** Where runs are: in a folder of this machine, or in a deployed stack. */
export type Deployment =
  | {
      readonly kind: 'here';
      /** Absolute. */
      readonly dataDir: string;
      /** A server that stands for AWS, instead of the emulators of this machine. */
      readonly endpoint?: string;
    }
  | { readonly kind: 'stack'; readonly name: string };

/** Opens the runs; undefined when nothing ever ran. */
export async function openArchive(deployment: Deployment): Promise<OpenArchive | undefined> {
  if (deployment.kind === 'here') return openLocalArchive(deployment);
  const { openDeployedArchive } = await import('./deployed-crawler.ts');
  return openDeployedArchive(deployment.name);
}

/** Starts a crawler here, or connects to the deployed one. */
export async function startCrawler(
  deployment: Deployment,
  options: RunnerOptions,
): Promise<Crawler> {
  if (deployment.kind === 'here') return startLocalCrawler(deployment, options);
  const { startDeployedCrawler } = await import('./deployed-crawler.ts');
  return startDeployedCrawler(deployment.name);
}
