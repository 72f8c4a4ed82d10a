import type { Command } from 'commander';
import { addRound, outOf, withListPath } from '../ask-again.ts';
import { CommandError } from '../command-error.ts';
import { conductRun } from '../conduct-run.ts';
import type { ExitCode } from '../exit-code.ts';
import { checkFolder } from '../folders.ts';
import { hintOf } from '../hint.ts';
import { addConductOptions, conductOptions, readDeployment } from '../option-sets.ts';
import { countOf } from '../quantities.ts';
import { topReasons } from '../reasons.ts';
import { reportRun } from '../report-run.ts';
import { isPassing, planRetry } from '../retry-plan.ts';
import { readWorkers } from '../run-settings.ts';
import { openScreen, type Session } from '../session.ts';
import { refuseLive, withRun } from '../with-run.ts';

/** `crawl retry RUN` */
export function describeRetry(program: Command): Command {
  const command = program
    .command('retry')
    .description('ask again what failed for a reason that may have passed')
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', '\nExample:\n  $ npx crawl retry 20261123T214455-x7k2');
  return addConductOptions(command);
}

/** One more round: its results replace those that it asks again. */
export async function retryCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const typed = conductOptions.parse(given);
  const { base } = session;
  const screen = openScreen(session, typed.json);
  const deployment = readDeployment(typed, base);
  const workers = readWorkers(typed.workers);
  return withListPath(async (listPath) => {
    const prepared = await withRun(deployment, text, async (opened, run) => {
      const { runId } = run;
      const out = outOf(run, typed.out, base);
      const options = { ...typed, workers, deployment, base, runId, out };
      await checkFolder('--out', out);
      refuseLive(opened, deployment);
      const progress = await opened.archive.progress(run);
      if (!progress.ended) {
        const hint = hintOf({ verb: 'resume', runId, deployment, base });
        throw new CommandError(`run ${runId} has not ended; go on with: ${hint}`);
      }
      const results = opened.archive.results(runId, 'failed', 'skipped');
      const plan = await planRetry(results, isPassing, listPath);
      if (plan.targets > 0) return { options, again: { run, progress, plan, listPath } };
      screen.note(`nothing to retry in run ${runId}: no reason in it may have passed`);
      return { exitCode: await reportRun(opened, run.runId, screen, options) };
    });
    if (prepared.again === undefined) return prepared.exitCode;
    const { options, again } = prepared;
    return conductRun(options, screen, async (crawler) => {
      await addRound(crawler, again);
      await crawler.seeder.start(again.run.runId);
      const { targets, superseded } = again.plan;
      screen.note(`asking ${countOf(targets, 'target')} again: ${topReasons(superseded, 6)}`);
    });
  });
}
