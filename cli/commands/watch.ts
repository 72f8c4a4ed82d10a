import { once } from 'node:events';
import type { Command } from 'commander';
import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { type Deployment, openArchive } from '../deployment/deployment.ts';
import { findRun } from '../deployment/find-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { listenForInterruption } from '../run/interruption.ts';
import { openScreen, type Session } from '../session.ts';
import { addPortOption, portOptions, readPort } from '../watch/read-port.ts';
import type { OpenPlace } from '../watch/run-place.ts';
import { watchRun } from '../watch/watch-run.ts';

const options = deploymentOptions.extend(portOptions.shape);

const EXAMPLES = `
Examples:
  $ npx crawl watch
  $ npx crawl watch 20261123T214455-x7k2 --port 8080
  $ npx crawl watch --stack ImageCrawler`;

/** `crawl watch [RUN]` */
export function describeWatch(program: Command): Command {
  const command = program
    .command('watch')
    .description('serve a live page of a run on this machine, until Ctrl-C')
    .argument('[run]', 'id of a run, or its beginning (default: the newest)')
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(addPortOption(command));
}

/** Reads only; a crawl that another process runs is not disturbed. */
export async function watchCommand(
  text: string | undefined,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { port, ...rest } = options.parse(given);
  const deployment = readDeployment(rest, session.base);
  const wanted = readPort(port);
  const screen = openScreen(session);
  const opened = await openArchive(deployment);
  const interruption = listenForInterruption();
  try {
    const run = await runOf(opened, text).catch(async (error) => {
      // An open table would keep the process alive.
      if (deployment.kind === 'here') await opened?.close();
      throw error;
    });
    const open = await placeOf(opened, deployment);
    const openPicture = opened?.openPicture;
    const page = await watchRun({
      run,
      deployment,
      open,
      openPicture,
      isHere: false,
      port: wanted,
    });
    screen.say(`run ${run.runId}: ${page.url} (Ctrl-C ends)`);
    const { signal } = interruption;
    if (!signal.aborted) await once(signal, 'abort');
    await page.close();
    return EXIT.ended;
  } finally {
    interruption.dispose();
    if (deployment.kind === 'stack') await opened?.close();
  }
}

async function runOf(opened: OpenArchive | undefined, text: string | undefined): Promise<Run> {
  if (text !== undefined) return findRun(opened?.archive, text);
  if (opened !== undefined) for await (const run of opened.archive.list()) return run;
  throw new CommandError('no runs yet: crawl run SOURCE starts one');
}

/** A table of this machine is opened for each look: a crawl that is started needs it for itself. */
async function placeOf(
  opened: OpenArchive | undefined,
  deployment: Deployment,
): Promise<OpenPlace> {
  if (deployment.kind === 'stack')
    return async () => opened && { ...opened, close: async () => {} };
  await opened?.close();
  return () => openArchive(deployment);
}
