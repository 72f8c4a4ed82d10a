import type { Command } from 'commander';
import * as z from 'zod';
import type { Run } from '../../core/model/run.ts';
import { isOldLayout } from '../../core/model/run-grouping.ts';
import { CommandError } from '../command-error.ts';
import type { Crawler } from '../deployment/crawler.ts';
import { openArchive, startCrawler } from '../deployment/deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addStackOption } from '../options/option-sets.ts';
import { countOf } from '../options/quantities.ts';
import { wakeRun } from '../run/ask-again.ts';
import { startHint } from '../run/stopped-stack.ts';
import { openScreen, type Session } from '../session.ts';

const options = z.object({ stack: z.string().optional() });

/** `crawl start` */
export function describeStart(program: Command): Command {
  const command = program
    .command('start')
    .description('let the runs of a stack go on that crawl stop --stack has stopped')
    .addHelpText('after', '\nExample:\n  $ npx crawl start --stack ImageCrawler');
  return addStackOption(command);
}

/** Stops all runs of a stack: workers and seeders see it within seconds. Nothing is lost or skipped. */
export async function stopAll(stack: string, session: Session): Promise<ExitCode> {
  const screen = openScreen(session);
  const opened = await openArchive({ kind: 'stack', name: stack });
  try {
    await opened?.archive.stopOrder.give();
    screen.say(
      `stack ${stack} is stopped: within seconds it makes no more requests, and keeps its place`,
    );
    screen.say(`  Let its runs go on with: ${startHint(stack, session.base)}`);
    return EXIT.ended;
  } finally {
    await opened?.close();
  }
}

/** Takes that back, and sends what left the queue meanwhile. */
export async function startCommand(given: unknown, session: Session): Promise<ExitCode> {
  const { stack } = options.parse(given);
  if (stack === undefined) throw new CommandError('name the stack: --stack NAME');
  const screen = openScreen(session);
  const deployment = { kind: 'stack', name: stack } as const;
  const onNotice = (line: string) => screen.note(line);
  const crawler = await startCrawler(deployment, { allowPrivate: false, onNotice });
  try {
    await crawler.archive.stopOrder.takeBack();
    let started = 0;
    for await (const run of crawler.archive.list()) if (await goesOn(run, crawler)) started += 1;
    screen.say(`stack ${stack} works again: ${countOf(started, 'run')} in progress`);
    return EXIT.ended;
  } finally {
    await crawler.close(0);
  }
}

/** False where a run has ended, or stands still for a reason of its own. */
async function goesOn(run: Run, crawler: Crawler): Promise<boolean> {
  const { archive } = crawler;
  if (isOldLayout(run)) return false;
  const { ended, seconds, state } = await archive.progress(run);
  if (ended || state === 'over-budget') return false;
  const nowMs = Date.now();
  await archive.startAgain(run, { seconds, nowMs, allowPrivate: false });
  await wakeRun(crawler, run.runId, nowMs);
  return true;
}
