import type { Command } from 'commander';
import type { RunProgress } from '../../core/model/progress.ts';
import type { Crawler } from '../deployment/crawler.ts';
import type { ExitCode } from '../exit-code.ts';
import { addMaxCostOption } from '../options/max-cost.ts';
import { addConductOptions } from '../options/option-sets.ts';
import { type Again, addRound, NO_PLAN, wakeRun } from '../run/ask-again.ts';
import { conductAgain, type Stopped } from '../run/conduct-again.ts';
import { followRun } from '../run/follow-run.ts';
import { isCancelled, planRetry } from '../run/retry-plan.ts';
import { withHookColumns } from '../run/run-lines.ts';
import type { Session } from '../session.ts';

/** How long the workers of a stack may take to notice a cancellation, in milliseconds. */
const CANCELLATION_MS = 180_000;

/** `crawl resume RUN` */
export function describeResume(program: Command): Command {
  const command = program
    .command('resume')
    .description('resume a run that was stopped, killed or cancelled, or is over its budget')
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', '\nExample:\n  $ npx crawl resume 20261123T214455-x7k2');
  return addConductOptions(addMaxCostOption(command, 'as before'));
}

/** The seeder continues from its checkpoint, and starts all groups of the backlog that have no worker. */
export function resumeCommand(text: string, given: unknown, session: Session): Promise<ExitCode> {
  return conductAgain(text, given, session, { plan: planResume, begin: resume });
}

async function planResume(stopped: Stopped) {
  const { opened, run, listPath, screen } = stopped;
  const progress = await settledProgress(stopped);
  if (progress.ended && !run.cancelled) return `run ${run.runId} has ended: nothing to resume`;
  const cancelled = () =>
    withHookColumns(opened.archive.results(run, 'skipped'), run, opened.lists, (lost) =>
      screen.note(lost),
    );
  const plan = run.cancelled ? await planRetry(cancelled(), isCancelled, listPath) : NO_PLAN;
  return { progress, plan };
}

/** A cancellation that workers of a stack carry out just now would reach into the new round. */
async function settledProgress({
  opened: { archive },
  run,
  deployment,
  screen,
}: Stopped): Promise<RunProgress> {
  const progress = await archive.progress(run);
  if (deployment.kind === 'here' || !run.cancelled || progress.ended) return progress;
  screen.note(`waiting until run ${run.runId} is cancelled …`);
  const signal = AbortSignal.timeout(CANCELLATION_MS);
  await followRun(run.runId, { archive, signal, onProgress: () => {}, onSilence: () => {} });
  return archive.progress((await archive.read(run.runId)) ?? run);
}

async function resume(crawler: Crawler, again: Again): Promise<void> {
  const { run, progress, plan } = again;
  const { archive } = crawler;
  if (plan.targets > 0) await addRound(crawler, again);
  // A retry opens the run as well.
  if (plan.targets === 0 || !progress.ended) await archive.goOn(run.runId);
  await wakeRun(crawler, run.runId, Date.now());
}
