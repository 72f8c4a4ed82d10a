import type { Crawler, OpenArchive, RunnerOptions } from './crawler.ts';
import { openDeployedArchive, startDeployedCrawler } from './deployed-crawler.ts';
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
export function openArchive(deployment: Deployment): Promise<OpenArchive | undefined> {
  return deployment.kind === 'here'
    ? openLocalArchive(deployment)
    : openDeployedArchive(deployment.name);
}

/** Starts a crawler here, or connects to the deployed one. */
export function startCrawler(deployment: Deployment, options: RunnerOptions): Promise<Crawler> {
  return deployment.kind === 'here'
    ? startLocalCrawler(deployment, options)
    : startDeployedCrawler(deployment.name);
}
