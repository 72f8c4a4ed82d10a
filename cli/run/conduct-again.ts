import { costCeilingOf } from '../../core/model/budget.ts';
import type { RunProgress } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import { groupingOf } from '../../core/model/run-grouping.ts';
import { CommandError } from '../command-error.ts';
import type { Crawler, OpenArchive } from '../deployment/crawler.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { refuseLive, withRun } from '../deployment/with-run.ts';
import type { ExitCode } from '../exit-code.ts';
import { readOutput } from '../export/output-options.ts';
import { refuseWarc } from '../export/refuse-warc.ts';
import { checkFolder } from '../options/folders.ts';
import { readMaxCost } from '../options/max-cost.ts';
import { conductOptions, readDeployment } from '../options/option-sets.ts';
import { formatDollars } from '../options/quantities.ts';
import type { Screen } from '../output/screen.ts';
import { openScreen, type Session } from '../session.ts';
import { type Again, outOf, withListPath } from './ask-again.ts';
import { conductRun } from './conduct-run.ts';
import { refuseOthers } from './earlier-results.ts';
import { readRunner } from './read-runner.ts';
import { keepsResults, reportRun } from './report-run.ts';
import { refuseStopped } from './stopped-stack.ts';

/** A run that stands still, and what there is to look at it with. */
export interface Stopped {
  readonly opened: OpenArchive;
  readonly run: Run;
  readonly deployment: Deployment;
  readonly screen: Screen;
  /** File for the URLs of a plan. */
  readonly listPath: string;
  /** Whether private addresses are fetched from now on. */
  readonly allowPrivate: boolean;
}

/** What a command does with a run that was begun before. */
export interface AgainCommand {
  /** What is asked again; a sentence where there is nothing to do. @throws CommandError */
  plan(stopped: Stopped): Promise<string | Pick<Again, 'progress' | 'plan'>>;
  begin(crawler: Crawler, again: Again, screen: Screen): Promise<void>;
}

/** Carries out such a command on the run that a person named, to the end of the run. */
export async function conductAgain(
  text: string,
  given: unknown,
  session: Session,
  command: AgainCommand,
): Promise<ExitCode> {
  const typed = conductOptions.parse(given);
  const { base } = session;
  const screen = openScreen(session, typed.json);
  const deployment = readDeployment(typed, base);
  const runner = await readRunner(typed, session);
  return withListPath(async (listPath) => {
    const prepared = await withRun(deployment, text, async (opened, run) => {
      const { runId } = run;
      groupingOf(run);
      const maxCost = readMaxCost(typed.maxCost);
      const out = outOf(run, typed.out, base);
      // What the person allowed when they started the run holds for its whole life.
      const allowPrivate = typed.allowPrivate || run.settings.allowPrivate === true;
      const output = readOutput(typed, run.settings.output);
      refuseWarc(output, run);
      const dataSet = output && { output, version: session.version };
      const options = {
        ...typed,
        ...runner,
        allowPrivate,
        deployment,
        dataSet,
        base,
        runId,
        out,
        keepsResults: keepsResults(deployment, typed.out, dataSet),
      };
      await checkFolder('--out', out);
      if (!typed.overwrite) await refuseOthers(out, base, run, opened.archive.list());
      refuseLive(opened, deployment);
      const stopped = { opened, run, deployment, screen, listPath, allowPrivate };
      const planned = await command.plan(stopped);
      if (typeof planned !== 'string') {
        refuseOverBudget(run, maxCost, planned.progress);
        return { options, again: { run, listPath, ...planned }, maxCost };
      }
      screen.note(planned);
      return { exitCode: await reportRun(opened, runId, screen, options) };
    });
    if (prepared.again === undefined) return prepared.exitCode;
    const { options, again, maxCost } = prepared;
    return conductRun(options, screen, async (crawler) => {
      await refuseStopped(crawler, typed.stack, base);
      await crawler.archive.startAgain(again.run, {
        seconds: again.progress.seconds,
        nowMs: Date.now(),
        allowPrivate: deployment.kind === 'here' && options.allowPrivate,
        maxCost,
      });
      await command.begin(crawler, again, screen);
    });
  });
}

/** A run that would stop again at once. @throws CommandError */
function refuseOverBudget(
  { runId, settings }: Run,
  maxCost: number | undefined,
  { cost = 0 }: RunProgress,
): void {
  const ceiling = costCeilingOf({ maxCost: maxCost ?? settings.maxCost });
  if (ceiling === undefined || cost < ceiling) return;
  throw new CommandError(
    `run ${runId} is over its budget: an estimated ${formatDollars(cost)} of ${formatDollars(ceiling)}. ` +
      'Give it more with --max-cost, or 0 for no limit',
  );
}
