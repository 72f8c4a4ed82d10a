import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { hintOf } from '../hint.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../option-sets.ts';
import { openScreen, type Session } from '../session.ts';
import { withRun } from '../with-run.ts';

/** `crawl cancel RUN` */
export function describeCancel(program: Command): Command {
  const command = program
    .command('cancel')
    .description('stop a run: targets not asked yet are skipped')
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', '\nExample:\n  $ npx crawl cancel 20261123T214455-x7k2');
  return addDeploymentOptions(command);
}

/** A mark on the run: whoever works on it sees it within seconds. */
export async function cancelCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const deployment = readDeployment(deploymentOptions.parse(given), session.base);
  const screen = openScreen(session);
  return withRun(deployment, text, async ({ archive, live }, run) => {
    const { runId } = run;
    const { ended } = await archive.progress(run);
    if (ended) {
      screen.say(`run ${runId} has ended already`);
      return EXIT.ended;
    }
    await archive.cancel(runId);
    const since = run.cancelled ? 'was cancelled before' : 'is cancelled';
    screen.say(`run ${runId} ${since}: targets not asked yet are skipped`);
    const hint = hintOf({ verb: 'resume', runId, deployment, base: session.base });
    if (!live) screen.say(`Nothing works on it now; go on with: ${hint}`);
    return EXIT.ended;
  });
}
