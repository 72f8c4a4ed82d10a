import type { RunProgress } from '../../core/model/progress.ts';
import { CommandError } from '../command-error.ts';
import type { Crawler } from '../deployment/crawler.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { findRun } from '../deployment/find-run.ts';
import type { Screen } from '../output/screen.ts';
import { readPort } from './read-port.ts';
import { type WatchedRun, watchRun } from './watch-run.ts';

interface FollowedRun {
  readonly runId: string;
  readonly deployment: Deployment;
  /** Whether a page is wanted. */
  readonly watch: boolean;
  readonly port?: string;
}

/**
 * Follows a run with its live page where one is wanted, for as long as `follow` takes. A page that
 * cannot be served is told and costs the run nothing.
 */
export async function followWithPage(
  crawler: Crawler,
  options: FollowedRun,
  screen: Screen,
  follow: (tell: (progress: RunProgress) => void) => Promise<void>,
): Promise<void> {
  const page = options.watch ? await servePage(crawler, options, screen) : undefined;
  try {
    await follow((progress) => page?.tell(progress));
  } finally {
    await page?.close();
  }
}

async function servePage(
  { archive, hosts, openPicture }: Crawler,
  { runId, deployment, port }: FollowedRun,
  screen: Screen,
): Promise<WatchedRun | undefined> {
  const isHere = deployment.kind === 'here';
  // The crawler is closed by whoever started it.
  const open = async () => ({ archive, hosts, live: true, close: async () => {} });
  const run = await findRun(archive, runId);
  const watching = { run, deployment, open, openPicture, isHere, port: readPort(port) };
  const page = await watchRun(watching).catch((error) => {
    if (!(error instanceof CommandError)) throw error;
    screen.note(`no live page: ${error.message}`);
    return undefined;
  });
  if (page !== undefined) screen.note(`live page: ${page.url}`);
  return page;
}
