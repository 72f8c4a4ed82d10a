import { watchStore } from '../adapters/files/store-faults.ts';
import type { ProxySettings } from '../contract/proxy.ts';
import type { Capacity } from './capacity.ts';
import { CommandError } from './command-error.ts';
import type { Crawler } from './crawler.ts';
import { type Deployment, openArchive, startCrawler } from './deployment.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { followRun } from './follow-run.ts';
import { hintOf } from './hint.ts';
import { listenForInterruption } from './interruption.ts';
import { watchLedger } from './ledger-fault.ts';
import { ProgressLine } from './progress-line.ts';
import { type ReportOptions, reportRun } from './report-run.ts';
import type { Screen } from './screen.ts';
import { messageOfCode } from './system-error.ts';

/** How long a person waits, after Ctrl-C, for downloads that are under way, in milliseconds. */
const GRACE_MS = 3000;

/** What a command that works on a run needs besides the run. */
export interface ConductOptions extends ReportOptions {
  readonly runId: string;
  readonly capacity?: Capacity;
  /** Through which proxies sites are asked on this machine. */
  readonly proxies?: ProxySettings;
}

/**
 * Starts a crawler, lets `begin` set the run going, follows it, and tells its end. Ctrl-C stops
 * cleanly: what is settled is written, and the command that goes on is named.
 */
export async function conductRun(
  options: ConductOptions,
  screen: Screen,
  begin: (crawler: Crawler, signal: AbortSignal) => Promise<void>,
): Promise<ExitCode> {
  const interruption = listenForInterruption();
  const disk = new AbortController();
  const watch = watchStore(options.runId, ({ path, code }) => {
    disk.abort(cannotWrite(`${path}: ${messageOfCode(code)}`, options));
  });
  const ledger = watchLedger((problem) => endNow(cannotWrite(problem, options), screen));
  try {
    const signal = AbortSignal.any([interruption.signal, disk.signal]);
    await withCrawler(options, screen, signal, async (crawler) => {
      await begin(crawler, signal);
      await follow(crawler, options, screen, signal);
      if (signal.aborted) screen.note('stopping …');
    });
    disk.signal.throwIfAborted();
    return await tellEnd(options, screen);
  } finally {
    watch[Symbol.dispose]();
    ledger[Symbol.dispose]();
    interruption.dispose();
  }
}

/** Runs a job with a crawler, and closes it whatever comes. */
async function withCrawler(
  { deployment, allowPrivate, capacity, proxies }: ConductOptions,
  screen: Screen,
  signal: AbortSignal,
  job: (crawler: Crawler) => Promise<void>,
): Promise<void> {
  // What dies because the person stops is no news to them.
  const onNotice = (line: string) => (signal.aborted ? undefined : screen.note(line));
  const crawler = await startCrawler(deployment, {
    allowPrivate,
    capacity,
    proxies,
    onNotice,
  }).catch((error) => {
    throw signal.aborted ? stoppedEarly() : error;
  });
  try {
    if (signal.aborted) throw stoppedEarly();
    await job(crawler);
  } finally {
    screen.progress('');
    await crawler.close(GRACE_MS);
  }
}

/** Draws the line of progress until the run has ended or the person wants to stop. */
async function follow(
  { archive, nextEvent }: Pick<Crawler, 'archive' | 'nextEvent'>,
  { runId, deployment }: { readonly runId: string; readonly deployment: Deployment },
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const line = new ProgressLine();
  await followRun(runId, {
    archive,
    signal,
    nextEvent,
    onProgress: (progress) => screen.progress(line.render(progress, performance.now())),
    onSilence: (seconds) => screen.note(`nothing new for ${seconds} s; ${whereToLook(deployment)}`),
  });
  screen.progress('');
}

/** Read when nothing runs any more, so that what was settled last is told too. */
async function tellEnd(options: ConductOptions, screen: Screen): Promise<ExitCode> {
  const opened = await openArchive(options.deployment);
  try {
    if (opened === undefined) throw new CommandError(`${options.runId} is gone`, EXIT.couldNotEnd);
    return await reportRun(opened, options.runId, screen, options);
  } finally {
    await opened?.close();
  }
}

function whereToLook(deployment: Deployment): string {
  return deployment.kind === 'here'
    ? `logs are in ${deployment.dataDir}/logs`
    : `the dashboard of ${deployment.name} tells more`;
}

/** Results are not written: where a disk takes nothing there is no room for them. */
function cannotWrite(what: string, options: ConductOptions): CommandError {
  const { runId, deployment, base, allowPrivate, proxy } = options;
  const hint = hintOf({ verb: 'resume', runId, deployment, base, allowPrivate, proxy });
  const message = `cannot write ${what}; when that is mended, go on with: ${hint}`;
  return new CommandError(message, EXIT.couldNotEnd);
}

function endNow({ message, exitCode }: CommandError, screen: Screen): never {
  screen.progress('');
  screen.fail(message);
  process.exit(exitCode);
}

function stoppedEarly(): CommandError {
  return new CommandError('stopped before the run began', EXIT.couldNotEnd);
}
