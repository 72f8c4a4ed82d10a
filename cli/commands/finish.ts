import type { Command } from 'commander';
import type { Finished } from '../../adapters/shards/finish-run.ts';
import { CommandError } from '../command-error.ts';
import { refuseLive, withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { countOf } from '../options/quantities.ts';
import { finishShards } from '../run/finish-shards.ts';
import { openScreen, type Session } from '../session.ts';

const EXAMPLES = `
Examples:
  $ npx crawl finish 20261123T214455-x7k2 --stack ImageCrawler`;

/** `crawl finish RUN` */
export function describeFinish(program: Command): Command {
  const command = program
    .command('finish')
    .description('tidy the shards of a run that has ended, and write a manifest of them')
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** Interrupted, it is repeated. */
export async function finishCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const deployment = readDeployment(deploymentOptions.parse(given), session.base);
  const screen = openScreen(session);
  return withRun(deployment, text, async (opened, run) => {
    refuseLive(opened, deployment);
    const { ended } = await opened.archive.progress(run);
    if (!ended) throw new CommandError(`run ${run.runId} has not ended`, EXIT.couldNotEnd);
    screen.say(told(await finishShards(opened, run)));
    return EXIT.ended;
  });
}

function told({ shards, images, rewritten, removed, manifest }: Finished): string {
  if (manifest === undefined) return 'the run has no shards';
  const tidied = `${rewritten} rewritten, ${removed} removed`;
  return `${countOf(images, 'image')} in ${countOf(shards, 'shard')} (${tidied}): ${manifest}`;
}
