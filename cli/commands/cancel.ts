import type { Command } from 'commander';
import type { RunProgress } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import type { Screen } from '../output/screen.ts';
import { outOf, wakeRun } from '../run/ask-again.ts';
import { conductRun } from '../run/conduct-run.ts';
import { hintOf } from '../run/hint.ts';
import { keepsResults } from '../run/report-run.ts';
import { openScreen, type Session } from '../session.ts';

/** `crawl cancel RUN` */
export function describeCancel(program: Command): Command {
  const command = program
    .command('cancel')
    .description('end a run: URLs that are not finished are skipped')
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', '\nExample:\n  $ npx crawl cancel 20261123T214455-x7k2');
  return addDeploymentOptions(command);
}

/** A run that nothing works on, to be settled here. */
interface Left {
  readonly kind: 'left';
  readonly run: Run;
  readonly progress: RunProgress;
}

/**
 * Whoever works on the run sees the mark within seconds, and skips what is open. When nothing works
 * on it, this command does.
 */
export async function cancelCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const deployment = readDeployment(deploymentOptions.parse(given), session.base);
  const screen = openScreen(session);
  const marked = await mark(text, deployment, screen, session);
  return marked.kind === 'left' ? settle(marked, deployment, screen, session) : marked.exitCode;
}

async function mark(
  text: string,
  deployment: Deployment,
  screen: Screen,
  { base }: Session,
): Promise<Left | { readonly kind: 'told'; readonly exitCode: ExitCode }> {
  return withRun(deployment, text, async ({ archive, live, worksOn }, run) => {
    const { runId } = run;
    const progress = await archive.progress(run);
    if (progress.ended) {
      screen.say(`run ${runId} has already ended`);
      return { kind: 'told', exitCode: EXIT.ended };
    }
    // Nothing of a run that is over its budget is in the queue of a stack: it is sent again.
    const isOverBudget = progress.state === 'over-budget' && deployment.kind === 'stack';
    if (!live || isOverBudget) return { kind: 'left', run, progress };
    await archive.cancel(runId);
    if (worksOn(runId)) {
      screen.say(`run ${runId} is cancelled: its workers skip the URLs that are not finished`);
      return { kind: 'told', exitCode: EXIT.ended };
    }
    const hint = hintOf({ verb: 'cancel', runId, deployment, base });
    screen.say(
      `run ${runId} is marked as cancelled, but its open URLs are not skipped yet: another run is in progress. When that has ended: ${hint}`,
    );
    return { kind: 'told', exitCode: EXIT.couldNotEnd };
  });
}

function settle(
  { run, progress }: Left,
  deployment: Deployment,
  screen: Screen,
  { base }: Session,
): Promise<ExitCode> {
  const { runId, settings } = run;
  const options = {
    runId,
    deployment,
    base,
    out: outOf(run, undefined, base),
    keepsResults: keepsResults(deployment),
    json: false,
    strict: false,
    watch: false,
    // Nothing is fetched: it only belongs to the command that would resume the run.
    allowPrivate: settings.allowPrivate === true,
  };
  return conductRun(options, screen, async (crawler) => {
    const { archive } = crawler;
    screen.note(`run ${runId} is cancelled: skipping the URLs that are not finished …`);
    const { seconds } = progress;
    await archive.startAgain(run, { seconds, nowMs: Date.now(), allowPrivate: false });
    await archive.cancel(runId);
    await wakeRun(crawler, runId, Date.now());
  });
}
