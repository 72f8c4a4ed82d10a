import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { ResultBody } from '../../contract/items.ts';
import type { Crawler } from '../crawler.ts';
import { demoLine } from '../demo/demo-line.ts';
import { serveDemoSite } from '../demo/demo-site.ts';
import { type Deployment, startCrawler } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { findRun } from '../find-run.ts';
import { checkFolder, makeFolder } from '../folders.ts';
import { followRun } from '../follow-run.ts';
import { DEFAULT_DATA, hintOf } from '../hint.ts';
import { listenForInterruption } from '../interruption.ts';
import { localLists } from '../local-crawler.ts';
import { reportRun } from '../report-run.ts';
import { newRunId } from '../run-id.ts';
import { readRunSettings } from '../run-settings.ts';
import type { Screen } from '../screen.ts';
import { openScreen, type Session } from '../session.ts';
import { prepareSources } from '../sources/prepare-sources.ts';
import { startRun } from '../start-run.ts';

const options = z.object({ data: z.string().default(DEFAULT_DATA) });

/** How long Ctrl-C waits for downloads that are under way, in milliseconds. */
const GRACE_MS = 1000;

/** `crawl demo` */
export function describeDemo(program: Command): Command {
  return program
    .command('demo')
    .description('crawl a small site of this machine: ten pictures, then every kind of trouble')
    .option('--data <dir>', `local state (default: ${DEFAULT_DATA})`)
    .addHelpText('after', '\nExample:\n  $ npx crawl demo');
}

interface Demo {
  readonly crawler: Crawler;
  readonly deployment: Deployment;
  readonly session: Session;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** Both runs in one stack, on a site of loopback. */
export async function demoCommand(given: unknown, session: Session): Promise<ExitCode> {
  const screen = openScreen(session);
  const dataDir = resolve(session.base, options.parse(given).data);
  await checkFolder('--data', dataDir);
  const deployment: Deployment = { kind: 'here', dataDir };
  const onNotice = (line: string) => screen.note(line);
  const { signal, dispose } = listenForInterruption();
  const site = await serveDemoSite();
  try {
    const crawler = await startCrawler(deployment, { allowPrivate: true, onNotice });
    const demo = { crawler, deployment, session, screen, signal };
    try {
      screen.say(screen.style('bold', "The tutorial's ten URLs"));
      const first = await crawlShown(site.tutorial, demo, () => []);
      if (signal.aborted) return first;
      screen.say();
      screen.say(screen.style('bold', 'And what else a site can do'));
      return await crawlShown(site.trouble, demo, stepsAfter);
    } finally {
      await crawler.close(GRACE_MS);
    }
  } finally {
    dispose();
    await site.close();
  }
}

/** One run, each result told as it settles. */
async function crawlShown(
  urls: readonly string[],
  demo: Demo,
  stepsOf: (runId: string, demo: Demo) => readonly string[],
): Promise<ExitCode> {
  const { crawler, deployment, session, screen, signal } = demo;
  const { base, version } = session;
  const runId = newRunId(Date.now());
  const out = resolve(base, 'crawl-out', runId);
  const settings = { ...readRunSettings({}, version), imagesFolder: join(out, 'images') };
  const prepared = await prepareSources(urls, {}, session);
  await makeFolder('--out', out);
  await startRun(crawler, runId, settings, prepared.lists);
  await prepared.discard();
  const shown = new Set<string>();
  const onProgress = () => sayNew(runId, shown, demo);
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
  return [
    `What failed, and why:         ${failed} --status failed`,
    'Crawl a list of your own:     npx crawl run list.txt',
    'All that the command can do:  npx crawl help',
  ];
}
