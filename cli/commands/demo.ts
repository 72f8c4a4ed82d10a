import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ResultBody } from '../../contract/items.ts';
import type { RunProgress } from '../../core/model/progress.ts';
import type { FunctionEvent } from '../../local/local-stack.ts';
import { demoLine } from '../demo/demo-line.ts';
import { serveDemoSite } from '../demo/demo-site.ts';
import type { Crawler } from '../deployment/crawler.ts';
import { type Deployment, startCrawler } from '../deployment/deployment.ts';
import { findRun } from '../deployment/find-run.ts';
import { localLists } from '../deployment/local-crawler.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { commandName } from '../options/command-name.ts';
import { checkFolder, makeFolder } from '../options/folders.ts';
import { addDataOption, dataOptions, readDataDir } from '../options/option-sets.ts';
import { readRunSettings } from '../options/run-settings.ts';
import type { Screen } from '../output/screen.ts';
import { followRun } from '../run/follow-run.ts';
import { hintOf } from '../run/hint.ts';
import { listenForInterruption } from '../run/interruption.ts';
import { reportRun } from '../run/report-run.ts';
import { newRunId } from '../run/run-id.ts';
import { RunNews } from '../run/run-news.ts';
import { startRun } from '../run/start-run.ts';
import { openScreen, type Session } from '../session.ts';
import { prepareSources } from '../sources/prepare-sources.ts';

/** How long Ctrl-C waits for downloads that are under way, in milliseconds. */
const GRACE_MS = 1000;

/** `crawl demo` */
export function describeDemo(program: Command): Command {
  const command = program
    .command('demo')
    .description('crawl a small site of this machine: ten images, then every kind of failure')
    .addHelpText('after', '\nExample:\n  $ npx crawl demo');
  return addDataOption(command);
}

interface Demo {
  readonly crawler: Crawler;
  readonly deployment: Deployment;
  readonly session: Session;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly news: RunNews;
}

/** Both runs in one stack, on a site of loopback. */
export async function demoCommand(given: unknown, session: Session): Promise<ExitCode> {
  const screen = openScreen(session);
  const dataDir = readDataDir(dataOptions.parse(given), session.base);
  await checkFolder('--data', dataDir);
  const deployment: Deployment = { kind: 'here', dataDir };
  const onNotice = (line: string) => screen.note(line);
  const stuck = new AbortController();
  const news = new RunNews(screen, deployment, (verdict) => stuck.abort(verdict));
  const onEvent = (event: FunctionEvent) => news.add(event);
  const interruption = listenForInterruption();
  const signal = AbortSignal.any([interruption.signal, stuck.signal]);
  const site = await serveDemoSite();
  try {
    const crawler = await startCrawler(deployment, { allowPrivate: true, onNotice, onEvent });
    const demo = { crawler, deployment, session, screen, signal, news };
    try {
      screen.say(screen.style('bold', 'Ten images that all work'));
      const first = await crawlShown(site.tutorial, demo, () => []);
      if (stuck.signal.aborted) screen.fail(String(stuck.signal.reason));
      if (signal.aborted) return first;
      screen.say();
      screen.say(screen.style('bold', 'And what can go wrong'));
      return await crawlShown(site.trouble, demo, stepsAfter);
    } finally {
      await crawler.close(GRACE_MS);
    }
  } finally {
    interruption.dispose();
    await site.close();
  }
}

/** One run, each result told as it settles. */
async function crawlShown(
  urls: readonly string[],
  demo: Demo,
  stepsOf: (runId: string, demo: Demo) => readonly string[],
): Promise<ExitCode> {
  const { crawler, deployment, session, screen, signal, news } = demo;
  const { base, version } = session;
  const runId = newRunId(Date.now());
  const out = resolve(base, 'crawl-out', runId);
  const settings = {
    ...readRunSettings({ memory: false }, version),
    allowPrivate: true,
    imagesFolder: join(out, 'images'),
  };
  const prepared = await prepareSources(urls, {}, session);
  await makeFolder('--out', out);
  await startRun(crawler, runId, settings, prepared.lists);
  await prepared.discard();
  const shown = new Set<string>();
  const onProgress = (progress: RunProgress) => {
    news.look(progress);
    return sayNew(runId, shown, demo);
  };
  const { archive, nextEvent } = crawler;
  await followRun(runId, { archive, signal, nextEvent, onProgress, onSilence: () => {} });
  screen.say();
  const options = { deployment, base, out, json: false, strict: false, allowPrivate: true };
  const ended = { ...options, steps: stepsOf(runId, demo) };
  await reportRun({ archive, lists: localLists }, runId, screen, ended);
  return signal.aborted ? EXIT.couldNotEnd : EXIT.ended;
}

async function sayNew(runId: string, shown: Set<string>, demo: Demo): Promise<void> {
  const { crawler, screen } = demo;
  const fresh: ResultBody[] = [];
  const run = await findRun(crawler.archive, runId);
  for await (const result of crawler.archive.results(run)) {
    if (!shown.has(result.url)) fresh.push(result);
  }
  for (const result of fresh.toSorted((a, b) => a.fetchedAt.localeCompare(b.fetchedAt))) {
    shown.add(result.url);
    screen.say(demoLine(result, screen));
  }
}

/** Not what else a run offers: the site is gone when the demo has ended. */
function stepsAfter(runId: string, { deployment, session }: Demo): readonly string[] {
  const failed = hintOf({ verb: 'results', runId, deployment, base: session.base });
  const command = commandName(session.base);
  return [
    `What failed, and why:      ${failed} --status failed`,
    `Crawl a list of your own:  ${command} run list.txt`,
    `All commands:              ${command} help`,
  ];
}
