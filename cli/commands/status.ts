import { dirname } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import type { Run } from '../../core/model/run.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { type Deployment, openArchive } from '../deployment/deployment.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { commandName } from '../options/command-name.ts';
import { shownPath } from '../options/folders.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { countOf, formatTime } from '../options/quantities.ts';
import { runTable } from '../output/run-table.ts';
import type { Screen } from '../output/screen.ts';
import { type Standing, sourceOf, summaryOf } from '../output/summary.ts';
import { saySummary } from '../output/summary-text.ts';
import { budgetStep, hintOf } from '../run/hint.ts';
import { orderText } from '../run/order-text.ts';
import { faultText } from '../run/own-faults.ts';
import { startHint } from '../run/stopped-stack.ts';
import { openScreen, type Session } from '../session.ts';

const options = deploymentOptions.extend({ json: z.boolean().default(false) });

/** Errors that are told. */
const MAX_FAULTS = 5;

const EXAMPLES = `
Examples:
  $ npx crawl status
  $ npx crawl status 20261123T214455-x7k2 --json`;

/** `crawl status [RUN]` */
export function describeStatus(program: Command): Command {
  const command = program
    .command('status')
    .description('all runs, newest first, or the progress of one')
    .argument('[run]', 'id of a run, or its beginning')
    .option('--json', 'a list of summaries, or with a run its summary')
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** Reads only; a crawl that another process runs is not disturbed. */
export async function statusCommand(
  text: string | undefined,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { json, ...rest } = options.parse(given);
  const deployment = readDeployment(rest, session.base);
  const screen = openScreen(session, json);
  if (text === undefined) return tellAll(deployment, json, screen, session.base);
  return withRun(deployment, text, async (opened, run) => {
    const standing = await standingOf(run, opened);
    const out = placeOf(run, opened);
    if (json) await screen.write(`${JSON.stringify(summaryOf(standing, out))}\n`);
    else {
      const faults = await faultLines(standing, opened);
      sayOne(screen, standing, { out, deployment, faults, base: session.base });
    }
    return EXIT.ended;
  });
}

interface Place {
  readonly out: string;
  readonly deployment: Deployment;
  readonly base: string;
  /** Errors of our own functions. */
  readonly faults: readonly string[];
}

function sayOne(
  screen: Screen,
  standing: Standing,
  { out, deployment, base, faults }: Place,
): void {
  const { run, progress, works } = standing;
  const results = hintOf({ verb: 'results', runId: run.runId, deployment, base });
  saySummary(screen, standing, { where: `${results} --unusable` });
  screen.say();
  screen.say(`  source     ${sourceOf(run.lists)}`);
  screen.say(`  started    ${formatTime(run.startedMs)}`);
  screen.say(`  out        ${out.startsWith('s3://') ? out : shownPath(out, base)}`);
  for (const [host, order] of Object.entries(run.hostOrders ?? {}))
    screen.say(`  ordered    ${orderText(host, order)}`);
  for (const line of faults) screen.say(`  error      ${line}`);
  if (progress.state === 'over-budget') {
    screen.say();
    screen.say(`  ${budgetStep({ runId: run.runId, deployment, base })}`);
    return;
  }
  if (progress.ended || works) return;
  const { runId, settings, cancelled } = run;
  const { allowPrivate } = settings;
  const hint = (verb: 'resume' | 'cancel') =>
    hintOf({ verb, runId, deployment, base, allowPrivate });
  screen.say();
  if (cancelled) screen.say(`  Not running. Skip the URLs that are open with: ${hint('cancel')}`);
  screen.say(`  ${cancelled ? 'Or resume' : 'Not running. Resume'} with: ${hint('resume')}`);
}

/** Errors of our own in a run that has not ended: those of its code first, then those of services. */
async function faultLines({ run, progress }: Standing, { archive }: OpenArchive) {
  if (progress.ended) return [];
  const faults = await archive.faults(run.runId);
  const sorted = faults.toSorted((a, b) => Number(a.isOfService) - Number(b.isOfService));
  return sorted.slice(0, MAX_FAULTS).map((fault) => {
    const last = `last ${formatTime(fault.lastMs)}`;
    return `${faultText(fault)}, ${countOf(fault.times, 'time')}, ${last}`;
  });
}

async function tellAll(
  deployment: Deployment,
  json: boolean,
  screen: Screen,
  base: string,
): Promise<ExitCode> {
  const opened = await openArchive(deployment);
  try {
    const runs = opened === undefined ? [] : await readAll(opened);
    if (json) {
      const all = runs.map(({ standing, out }) => summaryOf(standing, out));
      await screen.write(`${JSON.stringify(all)}\n`);
    } else if (runs.length > 0) {
      for (const line of runTable(runs.map(({ standing }) => standing))) screen.say(line);
      if (deployment.kind === 'stack' && (await opened?.archive.stopOrder.isGiven()) === true)
        screen.say(`everything is stopped. Go on with: ${startHint(deployment.name, base)}`);
    } else {
      const where =
        deployment.kind === 'here' ? shownPath(deployment.dataDir, base) : deployment.name;
      screen.say(`no runs yet in ${where}. Start one with: ${commandName(base)} run SOURCE`);
    }
    return EXIT.ended;
  } finally {
    await opened?.close();
  }
}

async function readAll(opened: OpenArchive) {
  const all: { readonly standing: Standing; readonly out: string }[] = [];
  for await (const run of opened.archive.list()) {
    all.push({ standing: await standingOf(run, opened), out: placeOf(run, opened) });
  }
  return all;
}

async function standingOf(run: Run, { archive, worksOn }: OpenArchive): Promise<Standing> {
  return { run, progress: await archive.progress(run), works: worksOn(run.runId) };
}

function placeOf({ settings }: Run, { imagesUri = '' }: OpenArchive): string {
  return settings.imagesFolder === undefined ? imagesUri : dirname(settings.imagesFolder);
}
