import { watchStore } from '../../adapters/files/store-faults.ts';
import type { LocalBot } from '../../contract/bot-identity.ts';
import type { ProxySettings } from '../../contract/proxy.ts';
import type { RunProgress } from '../../core/model/progress.ts';
import type { FunctionEvent } from '../../local/local-stack.ts';
import { CommandError } from '../command-error.ts';
import type { Crawler } from '../deployment/crawler.ts';
import { openArchive, startCrawler } from '../deployment/deployment.ts';
import { watchLedger } from '../deployment/ledger-fault.ts';
import { messageOfCode } from '../deployment/system-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Capacity } from '../options/capacity.ts';
import type { Screen } from '../output/screen.ts';
import { followWithPage } from '../watch/follow-with-page.ts';
import { finishHere } from './finish-here.ts';
import { followRun } from './follow-run.ts';
import { hintOf } from './hint.ts';
import { listenForInterruption } from './interruption.ts';
import { NewFaults } from './new-faults.ts';
import { ProgressLine } from './progress-line.ts';
import { type ReportOptions, reportRun } from './report-run.ts';
import { RunNews } from './run-news.ts';

/** How long a person waits, after Ctrl-C, for downloads that are under way, in milliseconds. */
const GRACE_MS = 3000;

/** What a command that works on a run needs besides the run. */
export interface ConductOptions extends ReportOptions {
  readonly runId: string;
  readonly capacity?: Capacity;
  /** Through which proxies sites are asked on this machine. */
  readonly proxies?: ProxySettings;
  /** Hooks are built again whenever their sources change. */
  readonly dev?: boolean;
  /** The identity that requests of this machine are signed with. */
  readonly bot?: LocalBot;
  /** Whether a live page is served while the command follows the run. */
  readonly watch: boolean;
  readonly port?: string;
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
  const interruption = listenForInterruption(() => {
    screen.progress('');
    // In a stack the run continues, whatever happens here.
    if (options.deployment.kind === 'here')
      screen.note(`Resume with: ${hintOf({ ...options, verb: 'resume' })}`);
  });
  const disk = new AbortController();
  const watch = watchStore(options.runId, ({ path, code }) => {
    disk.abort(cannotWrite(`${path}: ${messageOfCode(code)}`, options));
  });
  const stuck = new AbortController();
  const news = new RunNews(screen, options.deployment, (verdict) => stuck.abort(verdict));
  const ledger = watchLedger((problem) => endNow(cannotWrite(problem, options), screen));
  try {
    const signal = AbortSignal.any([interruption.signal, disk.signal, stuck.signal]);
    await withCrawler(options, screen, { signal, news }, async (crawler) => {
      const faults = newFaultsOf(crawler, options, news);
      await faults?.skip();
      await begin(crawler, signal);
      const followed = (tell: Followed['tell']) =>
        follow(crawler, options.runId, screen, { signal, news, tell });
      await followWithPage(crawler, options, screen, (tell) =>
        faults === undefined ? followed(tell) : faults.tellWhile(() => followed(tell)),
      );
      if (stuck.signal.aborted) screen.fail(String(stuck.signal.reason));
      if (signal.aborted) screen.note('stopping … (Ctrl-C again stops at once)');
    });
    disk.signal.throwIfAborted();
    const steps = stuck.signal.aborted ? stepsOfStuck(options) : options.steps;
    const exitCode = await tellEnd({ ...options, steps }, screen, signal);
    return stuck.signal.aborted ? EXIT.couldNotEnd : exitCode;
  } finally {
    watch[Symbol.dispose]();
    ledger[Symbol.dispose]();
    interruption.dispose();
  }
}

/** Functions of this machine tell their errors themselves; those of a deployed stack keep them. */
function newFaultsOf(
  { archive }: Crawler,
  { runId, deployment }: ConductOptions,
  news: RunNews,
): NewFaults | undefined {
  if (deployment.kind === 'here') return undefined;
  return new NewFaults(runId, {
    archive,
    onFault: (fault, times) => news.addFault(fault, times),
  });
}

/** A deployed stack goes on with what it cannot do: it is told what to do about that. */
function stepsOfStuck(options: ConductOptions): readonly string[] | undefined {
  if (options.deployment.kind === 'here') return options.steps;
  return [
    `The stack goes on trying. Mend the code, deploy it, and follow the run with: ${hintOf({ ...options, verb: 'status' })}`,
    `Or end the run with: ${hintOf({ ...options, verb: 'cancel' })}`,
  ];
}

/** What a run is watched with. */
interface Watched {
  readonly signal: AbortSignal;
  readonly news: RunNews;
}

/** Runs a job with a crawler, and closes it whatever comes. */
async function withCrawler(
  { runId, deployment, allowPrivate, capacity, proxies, bot, dev }: ConductOptions,
  screen: Screen,
  { signal, news }: Watched,
  job: (crawler: Crawler) => Promise<void>,
): Promise<void> {
  // What dies because the person stops is no news to them.
  const onNotice = (line: string) => (signal.aborted ? undefined : screen.note(line));
  const onEvent = (event: FunctionEvent) => (signal.aborted ? undefined : news.add(event, runId));
  const runner = { allowPrivate, capacity, proxies, bot, dev, onNotice, onEvent };
  const crawler = await startCrawler(deployment, runner).catch((error) => {
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

/** The same, with who else is told of progress. */
interface Followed extends Watched {
  readonly tell: (progress: RunProgress) => void;
}

/** Draws the line of progress until the run has ended or the person wants to stop. */
async function follow(
  { archive, nextEvent }: Pick<Crawler, 'archive' | 'nextEvent'>,
  runId: string,
  screen: Screen,
  { signal, news, tell }: Followed,
): Promise<void> {
  const line = new ProgressLine(news.paused);
  await followRun(runId, {
    archive,
    signal,
    nextEvent,
    onProgress: (progress) => {
      tell(progress);
      screen.progress(line.render(progress, performance.now()));
      news.look(progress);
    },
    onSilence: (seconds) => news.tellSilence(seconds),
  });
  screen.progress('');
}

/** Read when nothing runs any more, so that what was settled last is told too. */
async function tellEnd(
  options: ConductOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<ExitCode> {
  const opened = await openArchive(options.deployment);
  try {
    if (opened === undefined) throw new CommandError(`${options.runId} is gone`, EXIT.couldNotEnd);
    if (options.deployment.kind === 'here') await finishHere(opened, options.runId);
    return await reportRun(opened, options.runId, screen, options, signal);
  } finally {
    await opened?.close();
  }
}

/** Results are not written: where a disk takes nothing there is no room for them. */
function cannotWrite(what: string, options: ConductOptions): CommandError {
  const hint = hintOf({ ...options, verb: 'resume' });
  const message = `cannot write ${what}. When that is fixed, resume with: ${hint}`;
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
