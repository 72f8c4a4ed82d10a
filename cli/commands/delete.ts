import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { mayShare } from '../../adapters/finish/free-shards.ts';
import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { openArchive } from '../deployment/deployment.ts';
import { findRun } from '../deployment/find-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readMs } from '../options/amounts.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { countOf } from '../options/quantities.ts';
import { runTable } from '../output/run-table.ts';
import type { Standing } from '../output/summary.ts';
import { removeResults } from '../run/earlier-results.ts';
import { type FreedImages, freedImages } from '../run/freed-images.ts';
import { openScreen, type Session } from '../session.ts';

const options = deploymentOptions.extend({
  olderThan: z.string().optional(),
  keepImages: z.boolean().default(false),
  yes: z.boolean().default(false),
});

const EXAMPLES = `
Examples:
  $ npx crawl delete 20261123T214455-x7k2
  $ npx crawl delete --older-than 30d --yes
  $ npx crawl delete 20261123T214455-x7k2 --keep-images --stack ImageCrawler`;

/** `crawl delete RUN...` */
export function describeDelete(program: Command): Command {
  const command = program
    .command('delete')
    .description('delete runs: their records, results and the images that no other run has')
    .argument('[run...]', 'ids of runs, or their beginnings')
    .option('--older-than <time>', 'all runs that were started before, as in 30d or 12h')
    .option('--keep-images', 'keep images, results and report')
    .option('--yes', 'do not ask')
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** Shows what goes, asks, and deletes; interrupted, it is repeated. */
export async function deleteCommand(
  texts: readonly string[],
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const typed = options.parse(given);
  const olderMs = readOlderThan(typed.olderThan, texts);
  const screen = openScreen(session);
  const opened = await openArchive(readDeployment(typed, session.base));
  try {
    const all = opened === undefined ? [] : await readRuns(opened);
    const chosen = await choose(texts, olderMs, all);
    if (opened === undefined || chosen.length === 0) {
      screen.say('no runs to delete');
      return EXIT.ended;
    }
    const isChosen = new Set(chosen.map(({ run }) => run.runId));
    const others = all.filter(({ run }) => !isChosen.has(run.runId));
    refuseRunning(chosen, typed.keepImages ? [] : others);
    for (const line of runTable(chosen)) screen.say(line);
    if (!typed.yes && !(await agrees(chosen.length, session))) {
      screen.say('nothing was deleted');
      return EXIT.couldNotEnd;
    }
    const runs = chosen.map(({ run }) => run);
    const otherRuns = await forget(chosen, typed.keepImages, opened);
    const freed = typed.keepImages ? undefined : await remove(runs, otherRuns, opened);
    for (const run of runs) await removeRecord(run, opened);
    screen.say(told(runs.length, freed));
    return EXIT.ended;
  } finally {
    await opened?.close();
  }
}

function readOlderThan(text: string | undefined, texts: readonly string[]): number | undefined {
  if (text === undefined && texts.length === 0)
    throw new CommandError('delete: name runs, or give --older-than');
  if (text === undefined) return undefined;
  if (texts.length > 0) throw new CommandError('--older-than cannot be used with named runs');
  const ms = /^\d+$/.test(text) ? undefined : readMs(text);
  if (ms !== undefined) return ms;
  throw new CommandError(`--older-than: expected a time like 30d or 12h, got "${text}"`);
}

async function readRuns({ archive, worksOn }: OpenArchive): Promise<readonly Standing[]> {
  const all: Standing[] = [];
  for await (const run of archive.list()) {
    all.push({ run, progress: await archive.progress(run), works: worksOn(run.runId) });
  }
  return all;
}

async function choose(
  texts: readonly string[],
  olderMs: number | undefined,
  all: readonly Standing[],
): Promise<readonly Standing[]> {
  if (olderMs !== undefined)
    return all.filter((one) => one.run.startedMs < Date.now() - olderMs && !isRunning(one));
  const runs = {
    read: async (runId: string) => all.find(({ run }) => run.runId === runId)?.run,
    list: async function* () {
      for (const { run } of all) yield run;
    },
  };
  const ids = new Set<string>();
  for (const text of texts) ids.add((await findRun(runs, text)).runId);
  return all.filter(({ run }) => ids.has(run.runId));
}

function isRunning({ progress, works }: Standing): boolean {
  return !progress.ended && works;
}

/** A run in progress may be storing an image at this moment that is about to be deleted. */
function refuseRunning(chosen: readonly Standing[], others: readonly Standing[]): void {
  const running = chosen.find(isRunning);
  if (running !== undefined)
    throw new CommandError(`run ${running.run.runId} is in progress: cancel it first`);
  const gone = chosen.map(({ run }) => run);
  const sharing = mayShare(
    gone,
    others.filter(isRunning).map(({ run }) => run),
  )[0];
  if (sharing !== undefined)
    throw new CommandError(
      `run ${sharing.runId} is in progress and may share images: wait for its end, or add --keep-images`,
    );
}

/**
 * From now on no run takes from memory what these kept; one that began before may do so. Gives the
 * other runs. @throws CommandError when one of them does
 */
async function forget(
  chosen: readonly Standing[],
  keepImages: boolean,
  opened: OpenArchive,
): Promise<readonly Run[]> {
  const mark = async (deleting: boolean) => {
    for (const { run } of chosen) await opened.archive.markDeleting(run.runId, deleting);
  };
  await mark(true);
  const isChosen = new Set(chosen.map(({ run }) => run.runId));
  const all = await readRuns(opened);
  const others = all.filter(({ run }) => !isChosen.has(run.runId));
  try {
    refuseRunning(chosen, keepImages ? [] : others);
  } catch (error) {
    await mark(false);
    throw error;
  }
  return others.map(({ run }) => run);
}

async function agrees(count: number, { stdin, stderr }: Session): Promise<boolean> {
  if (!('isTTY' in stdin) || stdin.isTTY !== true)
    throw new CommandError('delete: there is no terminal to ask at: add --yes');
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await asking.question(`Delete ${countOf(count, 'run')}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

async function remove(
  runs: readonly Run[],
  others: readonly Run[],
  { archive, remover }: OpenArchive,
): Promise<FreedImages> {
  const freed = await freedImages(runs, others, (run) =>
    archive.results(run, 'succeeded', 'skipped'),
  );
  await remover.removeImages(freed.places);
  for (const run of runs) await remover.removeTables(run);
  const shared = new Set(others.map(({ settings }) => settings.imagesFolder));
  for (const { settings } of runs) {
    const { imagesFolder } = settings;
    if (imagesFolder === undefined || shared.has(imagesFolder)) continue;
    const out = dirname(imagesFolder);
    await removeResults(out);
    // Whatever a person put there stays.
    await rmdir(out).catch(() => {});
  }
  return freed;
}

async function removeRecord(run: Run, { remover }: OpenArchive): Promise<void> {
  await remover.removeLists(run);
  await remover.removeItems(run);
}

function told(runs: number, freed: FreedImages | undefined): string {
  if (freed === undefined) return `deleted ${countOf(runs, 'run')}; images are kept`;
  const { places, shards, shared } = freed;
  const kept = shared === 0 ? '' : `; ${countOf(shared, 'image')} kept for other runs`;
  const images = countOf(places.size - shards.size, 'image');
  const many = shards.size === 0 ? '' : ` and ${countOf(shards.size, 'shard')} of images`;
  return `deleted ${countOf(runs, 'run')} and ${images}${many}${kept}`;
}
