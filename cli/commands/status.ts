import { dirname } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { RunProgress } from '../../core/progress.ts';
import type { Run } from '../../core/run.ts';
import type { OpenArchive } from '../crawler.ts';
import { type Deployment, openArchive } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { shownPath } from '../folders.ts';
import { hintOf } from '../hint.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../option-sets.ts';
import { runTable } from '../run-table.ts';
import type { Screen } from '../screen.ts';
import { openScreen, type Session } from '../session.ts';
import { statusOf } from '../summary.ts';
import { saySummary } from '../summary-text.ts';
import { withRun } from '../with-run.ts';

const options = deploymentOptions.extend({ json: z.boolean().default(false) });

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
    const progress = await opened.archive.progress(run);
    const out = placeOf(run, opened);
    if (json) await screen.write(`${JSON.stringify(statusOf(progress, out))}\n`);
    else sayOne(screen, progress, { out, deployment, base: session.base, live: opened.live });
    return EXIT.ended;
  });
}

interface Place {
  readonly out: string;
  readonly deployment: Deployment;
  readonly base: string;
  readonly live: boolean;
}

function sayOne(screen: Screen, progress: RunProgress, place: Place): void {
  const { out, deployment, base, live } = place;
  saySummary(screen, progress);
  screen.say();
  screen.say(`  out        ${out.startsWith('s3://') ? out : shownPath(out, base)}`);
  if (progress.ended || live) return;
  const hint = hintOf({ verb: 'resume', runId: progress.runId, deployment, base });
  screen.say();
  screen.say(`  Nothing works on it now; go on with: ${hint}`);
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
      const all = runs.map(({ progress, out }) => statusOf(progress, out));
      await screen.write(`${JSON.stringify(all)}\n`);
    } else if (runs.length > 0) {
      for (const line of runTable(runs.map(({ progress }) => progress))) screen.say(line);
    } else {
      const where =
        deployment.kind === 'here' ? shownPath(deployment.dataDir, base) : deployment.name;
      screen.say(`no runs yet in ${where}; crawl run SOURCE starts one`);
    }
    return EXIT.ended;
  } finally {
    await opened?.close();
  }
}

async function readAll(opened: OpenArchive) {
  const all: { readonly progress: RunProgress; readonly out: string }[] = [];
  for await (const run of opened.archive.list()) {
    all.push({ progress: await opened.archive.progress(run), out: placeOf(run, opened) });
  }
  return all;
}

function placeOf({ settings }: Run, { imagesUri = '' }: OpenArchive): string {
  return settings.imagesFolder === undefined ? imagesUri : dirname(settings.imagesFolder);
}
