import { dirname } from 'node:path';
import type { RunProgress } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { findRun } from '../deployment/find-run.ts';
import { systemMessage } from '../deployment/system-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type ImageSource, tellDataSet, type WantedDataSet } from '../export/tell-data-set.ts';
import { commandName } from '../options/command-name.ts';
import { shownPath } from '../options/folders.ts';
import { countOf } from '../options/quantities.ts';
import { quoted } from '../options/quoted.ts';
import { countPassing } from '../output/reasons.ts';
import { writeResultsFile } from '../output/results-file.ts';
import type { Screen } from '../output/screen.ts';
import { summaryOf } from '../output/summary.ts';
import { saySummary } from '../output/summary-text.ts';
import { type UnusableFile, writeUnusableFile } from '../output/unusable-file.ts';
import { budgetStep, hintOf } from './hint.ts';
import { leftOutSteps } from './left-out-steps.ts';
import { PageTally } from './page-tally.ts';
import { runLines } from './run-lines.ts';

/** How a run is told of at the end of a command. */
export interface ReportOptions extends WantedDataSet {
  readonly json: boolean;
  /** Whether failed targets are an error. */
  readonly strict: boolean;
  readonly allowPrivate: boolean;
  /** As they were typed, for the command that resumes the run. */
  readonly proxy?: string;
  readonly workers?: string;
  readonly inFlight?: string;
  readonly botKey?: string;
  readonly botOrigin?: string;
  readonly botForm?: string;
  /** Whether results are written into `out`; they are when it is absent. */
  readonly keepsResults?: boolean;
  /** What to do now, where it is not told by how the run ended. */
  readonly steps?: readonly string[];
}

/**
 * The results of a run in a stack may be larger than this machine: they come when a folder is named, or
 * where a data set is written.
 */
export function keepsResults(
  { kind }: Deployment,
  out?: string,
  dataSet?: WantedDataSet['dataSet'],
): boolean {
  return kind === 'here' || out !== undefined || dataSet !== undefined;
}

/** Writes the results of a run so far, where they are wanted, and says how it stands. */
export async function reportRun(
  opened: Pick<OpenArchive, 'archive' | 'imagesUri' | 'lists'> & Partial<ImageSource>,
  runId: string,
  screen: Screen,
  options: ReportOptions,
  signal?: AbortSignal,
): Promise<ExitCode> {
  const { archive, imagesUri, lists } = opened;
  const { out, base, json, strict, deployment } = options;
  const run = await findRun(archive, runId);
  const progress = await archive.progress(run);
  const { imagesFolder } = run.settings;
  const imagesOut = imagesFolder === undefined ? out : dirname(imagesFolder);
  const tally = new PageTally();
  const keeps = options.keepsResults !== false;
  const note = (problem: string) => screen.note(problem);
  const results = keeps
    ? await writeResultsFile(
        runLines(tally.count(archive.lines(run)), run, lists, note),
        out,
        imagesOut,
      )
    : undefined;
  const unusable = keeps ? await unusableOf(run, lists, out, screen) : undefined;
  // On this machine the command that tells of a run is the one that worked on it.
  const standing = { run, progress, works: deployment.kind === 'stack' };
  const listed = unusable === undefined ? 'its lists' : shownPath(unusable.path, base);
  saySummary(screen, standing, { where: listed, told: unusable?.told });
  screen.say();
  const imagesAt = imagesFolder === undefined ? imagesUri : shownPath(imagesFolder, base);
  screen.say(`  images     ${imagesAt ?? shownPath(out, base)}`);
  if (results !== undefined) screen.say(`  results    ${shownPath(results, base)}`);
  if (unusable !== undefined) screen.say(`  unusable   ${shownPath(unusable.path, base)}`);
  if (progress.ended) await tellDataSet(opened, run, screen, options, signal);
  const steps = options.steps ?? [
    ...fetchSteps(run, progress, options),
    ...nextSteps(run, progress, options),
    ...pageSteps(run, tally, options),
  ];
  if (steps.length > 0) screen.say();
  for (const step of steps) screen.say(`  ${step}`);
  if (json)
    await screen.write(
      `${JSON.stringify(summaryOf(standing, imagesFolder === undefined ? (imagesUri ?? out) : out))}\n`,
    );
  return exitCodeOf(progress, strict);
}

function unusableOf(
  run: Run,
  lists: OpenArchive['lists'],
  out: string,
  screen: Screen,
): Promise<UnusableFile | undefined> {
  return writeUnusableFile(run, lists, out).catch((error) => {
    screen.note(`the unusable lines cannot be listed: ${systemMessage(error)}`);
    return undefined;
  });
}

function fetchSteps(
  { runId, settings }: Run,
  { ended, succeeded }: RunProgress,
  { deployment, base }: ReportOptions,
): readonly string[] {
  if (!ended || succeeded === 0 || settings.imagesFolder !== undefined) return [];
  return [`Bring images and results here: ${hintOf({ verb: 'fetch', runId, deployment, base })}`];
}

/** What the shell is told of a run that stands so. */
export function exitCodeOf(progress: RunProgress, strict: boolean): ExitCode {
  if (!progress.ended) return progress.state === 'over-budget' ? EXIT.overBudget : EXIT.couldNotEnd;
  const isWhole = progress.failed === 0 && progress.state !== 'cancelled';
  return strict && !isWhole ? EXIT.someFailed : EXIT.ended;
}

/** What a person may want to do now, each as a line. */
export function nextSteps(
  { cancelled }: Pick<Run, 'cancelled'>,
  progress: RunProgress,
  options: ReportOptions,
): readonly string[] {
  const { runId, state, ended, reasons } = progress;
  const { deployment, allowPrivate } = options;
  const hint = (verb: 'resume' | 'retry' | 'status' | 'cancel' | 'audit') =>
    hintOf({ ...options, verb, runId });
  if (state === 'over-budget') return [budgetStep({ ...options, runId })];
  if (!ended && deployment.kind === 'stack')
    return [`The stack continues with it. To see its progress: ${hint('status')}`];
  if (!ended && cancelled)
    return [
      `The cancellation is not complete: some URLs are still open. Finish it with: ${hint('cancel')}`,
    ];
  if (!ended || state === 'cancelled') return [`Resume with: ${hint('resume')}`];
  const steps: string[] = [];
  const passing = countPassing(reasons);
  if (passing > 0)
    steps.push(`Retry ${countOf(passing, 'URL')} that failed temporarily: ${hint('retry')}`);
  const blocked = reasons['address-blocked'] ?? 0;
  if (blocked > 0 && !allowPrivate && deployment.kind === 'here') {
    const retry = hintOf({ ...options, verb: 'retry', runId, allowPrivate: true });
    steps.push(`${countOf(blocked, 'URL')} at private addresses not fetched. To fetch: ${retry}`);
  }
  return [...steps, ...leftOutSteps(progress, hint('audit'))];
}

/** What to type for pages that were taken for images. */
function pageSteps(
  run: Run,
  tally: PageTally,
  { base, deployment }: ReportOptions,
): readonly string[] {
  if (run.settings.pages !== undefined || tally.first === undefined) return [];
  const words = [commandName(base), 'run', '--pages', quoted(tally.first)];
  if (deployment.kind === 'stack') words.push('--stack', quoted(deployment.name));
  if (run.settings.allowPrivate === true) words.push('--allow-private');
  const what = tally.pages === 1 ? '1 URL is a page' : `${countOf(tally.pages, 'URL')} are pages`;
  return [`${what}. To crawl the images on pages: ${words.join(' ')}`];
}
