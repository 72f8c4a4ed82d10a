import type { Command } from 'commander';
import * as z from 'zod';
import { HashSet } from '../../core/duplicates/hash-set.ts';
import { MAX_DISTANCE, nearGroups } from '../../core/duplicates/near-groups.ts';
import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { countOf } from '../options/quantities.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { openScreen, type Session } from '../session.ts';

/** A hash of less quality is that of many pictures, as the authors of PDQ say. */
const MIN_QUALITY = 50;

const options = deploymentOptions.extend({
  distance: z.string().optional(),
  minQuality: z.string().optional(),
  json: z.boolean().default(false),
});

const EXAMPLES = `
Examples:
  $ npx crawl run list.txt --pdq
  $ npx crawl duplicates 20261123T214455-x7k2
  $ npx crawl duplicates 20261123T214455-x7k2 --distance 10 --json > duplicates.jsonl`;

/** `crawl duplicates RUN` */
export function describeDuplicates(program: Command): Command {
  const command = program
    .command('duplicates')
    .description('groups of images of a run that look alike, after crawl run --pdq')
    .argument('<run>', 'id of the run, or its beginning')
    .option(
      '--distance <n>',
      `most bits of 256 in which two images differ, 0 to ${MAX_DISTANCE} (default: ${MAX_DISTANCE})`,
    )
    .option(
      '--min-quality <n>',
      `leave out images whose hash says less, 0 to 100 (default: ${MIN_QUALITY})`,
    )
    .option('--json', 'each group as a line of JSON')
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** An image that looks like another one. */
interface Copy {
  readonly url: string;
  readonly file?: string;
  readonly width?: number;
  readonly height?: number;
  readonly pdq: string;
  /** Differing bits between it and the largest one of its group, which is the first. */
  readonly distance: number;
}

/** Reads the results twice: first the hashes, then the fields that are shown of images in groups. */
export async function duplicatesCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { distance, minQuality, json, ...rest } = options.parse(given);
  const most = wholeNumber('--distance', distance, 0, MAX_DISTANCE) ?? MAX_DISTANCE;
  const quality = wholeNumber('--min-quality', minQuality, 0, 100) ?? MIN_QUALITY;
  const screen = openScreen(session, json);
  return withRun(readDeployment(rest, session.base), text, async ({ archive }, run) => {
    if (run.settings.imageWork?.pdq !== true)
      throw new CommandError(
        `run ${run.runId} has no perceptual hashes: it was not started with --pdq`,
      );
    const groups = await groupsOf(archive, run, most, quality);
    for (const [at, copies] of groups.entries()) {
      if (json) await screen.write(`${JSON.stringify({ group: at + 1, images: copies })}\n`);
      else for (const line of linesOf(copies)) screen.say(line);
    }
    const copies = groups.reduce((sum, { length }) => sum + length - 1, 0);
    screen.note(`${countOf(groups.length, 'group')}, ${countOf(copies, 'image')} beyond the first`);
    return EXIT.ended;
  });
}

async function groupsOf(
  archive: OpenArchive['archive'],
  run: Run,
  most: number,
  minQuality: number,
): Promise<readonly (readonly Copy[])[]> {
  const hashes = new HashSet();
  const images: number[] = [];
  for await (const { pdq } of hashed(archive, run, minQuality)) {
    const place = hashes.add(pdq);
    if (place !== undefined) images[place] = (images[place] ?? 0) + 1;
  }
  const names = nearGroups(hashes, most);
  const sizes = new Map<number, number>();
  for (const [place, count] of images.entries()) {
    const name = names[place] ?? place;
    sizes.set(name, (sizes.get(name) ?? 0) + count);
  }
  const groups = new Map<number, Omit<Copy, 'distance'>[]>();
  for await (const { result, pdq } of hashed(archive, run, minQuality)) {
    const place = hashes.placeOf(pdq);
    if (place === undefined) continue;
    const name = names[place] ?? place;
    if ((sizes.get(name) ?? 0) < 2) continue;
    const known = groups.get(name) ?? [];
    const { url, file, width, height } = result;
    known.push({ url, file, width, height, pdq });
    groups.set(name, known);
  }
  const told = [...groups.values()].map((group) => largestFirst(group, hashes));
  return told.toSorted((one, other) => other.length - one.length);
}

/** The results whose hash says enough. */
async function* hashed(archive: OpenArchive['archive'], run: Run, minQuality: number) {
  for await (const result of archive.results(run, 'succeeded')) {
    const { pdq, pdqQuality = 0 } = result;
    if (pdq !== undefined && pdqQuality >= minQuality) yield { result, pdq };
  }
}

function largestFirst(group: readonly Omit<Copy, 'distance'>[], hashes: HashSet): readonly Copy[] {
  const sorted = group.toSorted(
    (one, other) => pixelsOf(other) - pixelsOf(one) || (one.url < other.url ? -1 : 1),
  );
  const first = hashes.placeOf(sorted[0]?.pdq ?? '') ?? 0;
  return sorted.map((image) => {
    const distance = hashes.distance(first, hashes.placeOf(image.pdq) ?? first);
    return { ...image, distance };
  });
}

function pixelsOf({ width = 0, height = 0 }: Omit<Copy, 'distance'>): number {
  return width * height;
}

function linesOf(copies: readonly Copy[]): readonly string[] {
  const lines = copies.map(({ url, width, height, distance }) => {
    return `  ${String(distance).padStart(3)}  ${`${width} x ${height}`.padEnd(12)}  ${url}`;
  });
  return [countOf(copies.length, 'image'), ...lines, ''];
}
