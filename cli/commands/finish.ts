import type { Command } from 'commander';
import { tablePrefix } from '../../contract/bucket-keys.ts';
import { manifestKey } from '../../contract/image-name.ts';
import type { FinishSums } from '../../core/model/run-finish.ts';
import { CommandError } from '../command-error.ts';
import { refuseLive, withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { countOf } from '../options/quantities.ts';
import { openScreen, type Session } from '../session.ts';

const EXAMPLES = `
Examples:
  $ npx crawl finish 20261123T214455-x7k2 --stack ImageCrawler`;

/** `crawl finish RUN` */
export function describeFinish(program: Command): Command {
  const command = program
    .command('finish')
    .description('tidy the shards of a run that has ended; write a manifest, and tables in a stack')
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
    if (!(await opened.archive.hasEnded(run)))
      throw new CommandError(`run ${run.runId} has not ended`, EXIT.couldNotEnd);
    const sums = await opened.finish(run);
    if (sums === undefined)
      throw new CommandError(
        `run ${run.runId} goes on, or is finished by another one`,
        EXIT.couldNotEnd,
      );
    for (const line of told(run.runId, sums, opened.imagesUri)) screen.say(line);
    return EXIT.ended;
  });
}

function told(
  runId: string,
  { shards, images, rewritten, removed, tables }: FinishSums,
  imagesUri = '',
): readonly string[] {
  const bucket = imagesUri.replace(/\/images$/, '');
  const tidied = `${rewritten} rewritten, ${removed} removed`;
  const held = `${countOf(images, 'image')} in ${countOf(shards, 'shard')} (${tidied})`;
  const manifest = `${bucket}/${manifestKey(runId)}`;
  const first = shards === 0 ? 'the run has no shards' : `${held}: ${manifest}`;
  const second = `${countOf(tables, 'table')} of results: ${bucket}/${tablePrefix(runId)}`;
  return tables === 0 ? [first] : [first, second];
}
