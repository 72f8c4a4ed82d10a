import type { Command } from 'commander';
import type { RunProgress } from '../../core/progress.ts';
import type { Run } from '../../core/run.ts';
import {
  type Again,
  addRound,
  NO_PLAN,
  outOf,
  resendRegistered,
  withListPath,
} from '../ask-again.ts';
import { conductRun } from '../conduct-run.ts';
import type { Crawler, OpenArchive } from '../crawler.ts';
import type { Deployment } from '../deployment.ts';
import type { ExitCode } from '../exit-code.ts';
import { checkFolder } from '../folders.ts';
import { followRun } from '../follow-run.ts';
import { addConductOptions, conductOptions, readDeployment } from '../option-sets.ts';
import { reportRun } from '../report-run.ts';
import { isCancelled, planRetry } from '../retry-plan.ts';
import { readWorkers } from '../run-settings.ts';
import type { Screen } from '../screen.ts';
import { openScreen, type Session } from '../session.ts';
import { refuseLive, withRun } from '../with-run.ts';

/** How long the workers of a stack may take to notice a cancellation, in milliseconds. */
const CANCELLATION_MS = 180_000;

/** `crawl resume RUN` */
export function describeResume(program: Command): Command {
  const command = program
    .command('resume')
    .description('go on with a run that was stopped, killed or cancelled')
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', '\nExample:\n  $ npx crawl resume 20261123T214455-x7k2');
  return addConductOptions(command);
}

/** Resuming is seeding again: what is settled is passed over. */
export async function resumeCommand(
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
      const out = outOf(run, typed.out, base);
      const options = { ...typed, workers, deployment, base, runId: run.runId, out };
      await checkFolder('--out', out);
      refuseLive(opened, deployment);
      const progress = await settledProgress(opened, run, deployment, screen);
      if (progress.ended && !run.cancelled) {
        screen.note(`run ${run.runId} has ended: nothing to resume`);
        return { exitCode: await reportRun(opened, run.runId, screen, options) };
      }
      const cancelled = () => opened.archive.results(run.runId, 'skipped');
      const plan = run.cancelled ? await planRetry(cancelled(), isCancelled, listPath) : NO_PLAN;
      return { options, again: { run, progress, plan, listPath } };
    });
    if (prepared.again === undefined) return prepared.exitCode;
    const { options, again } = prepared;
    return conductRun(options, screen, (crawler) => resume(crawler, again));
  });
}

/** A cancellation that workers of a stack carry out just now would reach into the new round. */
async function settledProgress(
  { archive }: OpenArchive,
  run: Run,
  deployment: Deployment,
  screen: Screen,
): Promise<RunProgress> {
  const progress = await archive.progress(run);
  if (deployment.kind === 'here' || !run.cancelled || progress.ended) return progress;
  screen.note(`waiting for the cancellation of run ${run.runId} to end …`);
  const signal = AbortSignal.timeout(CANCELLATION_MS);
  await followRun(run.runId, { archive, signal, onProgress: () => {}, onSilence: () => {} });
  return archive.progress((await archive.read(run.runId)) ?? run);
}

async function resume(crawler: Crawler, again: Again): Promise<void> {
  const { run, progress, plan } = again;
  const { archive, seeder } = crawler;
  if (plan.targets > 0) await addRound(crawler, again);
  // When all that was seeded is done, seeding goes on where the cancellation met it.
  if (!progress.ended) await archive.reopen(run.runId);
  else if (plan.targets === 0) await archive.goOn(run.runId);
  await resendRegistered(crawler, run.runId);
  await seeder.start(run.runId);
}
