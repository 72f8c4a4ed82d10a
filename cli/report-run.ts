import { dirname } from 'node:path';
import type { RunProgress } from '../core/progress.ts';
import type { OpenArchive } from './crawler.ts';
import type { Deployment } from './deployment.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { findRun } from './find-run.ts';
import { shownPath } from './folders.ts';
import { hintOf } from './hint.ts';
import { countOf } from './quantities.ts';
import { countPassing } from './reasons.ts';
import { writeResultsFile } from './results-file.ts';
import type { Screen } from './screen.ts';
import { summaryOf } from './summary.ts';
import { saySummary } from './summary-text.ts';
import { systemMessage } from './system-error.ts';
import { writeUnusableFile } from './unusable-file.ts';

/** How a run is told of at the end of a command. */
export interface ReportOptions {
  readonly deployment: Deployment;
  /** Absolute folder for `results.jsonl`. */
  readonly out: string;
  readonly base: string;
  readonly json: boolean;
  /** Whether failed targets are an error. */
  readonly strict: boolean;
  readonly allowPrivate: boolean;
  /** As it was typed. */
  readonly proxy?: string;
  /** What to do now, where it is not told by how the run ended. */
  readonly steps?: readonly string[];
}

/** Writes the results of a run so far and says how it stands. */
export async function reportRun(
  { archive, imagesUri, lists }: Pick<OpenArchive, 'archive' | 'imagesUri' | 'lists'>,
  runId: string,
  screen: Screen,
  options: ReportOptions,
): Promise<ExitCode> {
  const { out, base, json, strict } = options;
  const run = await findRun(archive, runId);
  const progress = await archive.progress(run);
  const { imagesFolder } = run.settings;
  const imagesOut = imagesFolder === undefined ? out : dirname(imagesFolder);
  const results = await writeResultsFile(archive.lines(run), out, imagesOut);
  const unusable = await writeUnusableFile(run, lists, out).catch((error) => {
    screen.note(`the unusable lines cannot be listed: ${systemMessage(error)}`);
    return undefined;
  });
  saySummary(screen, progress);
  screen.say();
  screen.say(`  images     ${imagesUri ?? shownPath(imagesFolder ?? out, base)}`);
  screen.say(`  results    ${shownPath(results, base)}`);
  if (unusable !== undefined) screen.say(`  unusable   ${shownPath(unusable, base)}`);
  const steps = options.steps ?? nextSteps(progress, options);
  if (steps.length > 0) screen.say();
  for (const step of steps) screen.say(`  ${step}`);
  if (json) await screen.write(`${JSON.stringify(summaryOf(progress, out))}\n`);
  return exitCodeOf(progress, strict);
}

/** What the shell is told of a run that stands so. */
export function exitCodeOf(progress: RunProgress, strict: boolean): ExitCode {
  if (!progress.ended) return EXIT.couldNotEnd;
  const isWhole = progress.failed === 0 && progress.state !== 'cancelled';
  return strict && !isWhole ? EXIT.someFailed : EXIT.ended;
}

/** What a person may want to do now, each as a line. */
export function nextSteps(progress: RunProgress, options: ReportOptions): readonly string[] {
  const { runId, state, ended, reasons } = progress;
  const { deployment, base, allowPrivate, proxy } = options;
  const hint = (verb: 'resume' | 'retry' | 'status') =>
    hintOf({
      ...{ verb, runId, deployment, base },
      allowPrivate: verb !== 'status' && allowPrivate,
      proxy: verb === 'status' ? undefined : proxy,
    });
  if (!ended && deployment.kind === 'stack')
    return [`It goes on in the stack; look at it with: ${hint('status')}`];
  if (!ended || state === 'cancelled') return [`Go on with: ${hint('resume')}`];
  const steps: string[] = [];
  const passing = countPassing(reasons);
  if (passing > 0)
    steps.push(`Ask ${countOf(passing, 'target')} again that may have recovered: ${hint('retry')}`);
  if (reasons['address-blocked'] !== undefined && !allowPrivate && deployment.kind === 'here')
    steps.push('Addresses that are not public were refused; a run with --allow-private asks them.');
  return steps;
}
