import type { Command } from 'commander';
import type { Reason } from '../../core/model/outcome.ts';
import { CommandError } from '../command-error.ts';
import type { Crawler } from '../deployment/crawler.ts';
import type { ExitCode } from '../exit-code.ts';
import { addMaxCostOption } from '../options/max-cost.ts';
import { addConductOptions } from '../options/option-sets.ts';
import { countOf } from '../options/quantities.ts';
import { topReasons } from '../output/reasons.ts';
import type { Screen } from '../output/screen.ts';
import { type Again, addRound } from '../run/ask-again.ts';
import { conductAgain, type Stopped } from '../run/conduct-again.ts';
import { hintOf } from '../run/hint.ts';
import { isPassing, planRetry } from '../run/retry-plan.ts';
import { withHookColumns } from '../run/run-lines.ts';
import type { Session } from '../session.ts';

/** `crawl retry RUN` */
export function describeRetry(program: Command): Command {
  const command = program
    .command('retry')
    .description(
      'retry the URLs that failed temporarily; with --allow-private also blocked addresses',
    )
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', '\nExample:\n  $ npx crawl retry 20261123T214455-x7k2');
  return addConductOptions(addMaxCostOption(command, 'as before'));
}

/** One more round: its results replace those that it asks again. */
export function retryCommand(text: string, given: unknown, session: Session): Promise<ExitCode> {
  const plan = (stopped: Stopped) => planPassing(stopped, session.base);
  return conductAgain(text, given, session, { plan, begin: retry });
}

async function planPassing(stopped: Stopped, base: string) {
  const { opened, run, deployment, listPath, allowPrivate, screen } = stopped;
  const { runId } = run;
  const progress = await opened.archive.progress(run);
  if (!progress.ended) {
    const hint = hintOf({ verb: 'resume', runId, deployment, base, allowPrivate });
    throw new CommandError(`run ${runId} has not ended. Resume it with: ${hint}`);
  }
  const isWanted = (reason: Reason) =>
    isPassing(reason) || (allowPrivate && reason === 'address-blocked');
  const ended = opened.archive.results(run, 'failed', 'skipped');
  const results = withHookColumns(ended, run, opened.lists, (lost) => screen.note(lost));
  const plan = await planRetry(results, isWanted, listPath);
  if (plan.targets > 0) return { progress, plan };
  return `nothing to retry in ${runId}: no temporary failures`;
}

async function retry(crawler: Crawler, again: Again, screen: Screen): Promise<void> {
  await addRound(crawler, again);
  await crawler.seeder.start(again.run.runId);
  const { targets, superseded } = again.plan;
  screen.note(`retrying ${countOf(targets, 'URL')}: ${topReasons(superseded, 6)}`);
}
