import { basename, join, posix } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { objectOf } from '../../adapters/aws/object-uri.ts';
import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { CommandError } from '../command-error.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { Downloads, type FetchCounts } from '../fetch/downloads.ts';
import type { WantedObject } from '../fetch/fetch-object.ts';
import { checkFolder, shownPath } from '../options/folders.ts';
import {
  addDeploymentOptions,
  deploymentOptions,
  notEmpty,
  readDeployment,
} from '../options/option-sets.ts';
import { countOf, formatBytes } from '../options/quantities.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { writeResultsFile } from '../output/results-file.ts';
import { outOf } from '../run/ask-again.ts';
import { listenForInterruption } from '../run/interruption.ts';
import { runLines } from '../run/run-lines.ts';
import { openScreen, type Session } from '../session.ts';

const options = deploymentOptions.extend({
  out: z.string().optional(),
  parallel: z.string().optional(),
});

/** Objects at once, unless it is said otherwise. */
const PARALLEL = 8;
/** Most objects at once. */
const MAX_PARALLEL = 64;

/** Results between two looks at the clock of the line of progress. */
const PROGRESS_EACH = 500;

const EXAMPLES = `
Examples:
  $ npx crawl fetch 20261123T214455-x7k2
  $ npx crawl fetch 20261123T214455-x7k2 --out photos --parallel 32 --stack ImageCrawler`;

/** `crawl fetch RUN` */
export function describeFetch(program: Command): Command {
  const command = program
    .command('fetch')
    .description('bring the images and results of a run from its bucket to a folder')
    .argument('<run>', 'id of the run, or its beginning')
    .addOption(
      new Option('--out <dir>', 'where to (default: crawl-out/RUN)').argParser(
        notEmpty('--out', 'a folder'),
      ),
    )
    .option('--parallel <n>', `objects at once, 1 to ${MAX_PARALLEL} (default: ${PARALLEL})`)
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** Interrupted, it is repeated: what is here stays. */
export async function fetchCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { out: wanted, parallel, ...rest } = options.parse(given);
  const atOnce = wholeNumber('--parallel', parallel, 1, MAX_PARALLEL) ?? PARALLEL;
  const { base } = session;
  const screen = openScreen(session);
  const interruption = listenForInterruption();
  return withRun(readDeployment(rest, base), text, async (opened, run) => {
    const { archive, lists, streamObject } = opened;
    const out = outOf(run, wanted, base);
    await checkFolder('--out', out);
    const downloads = new Downloads(streamObject, atOnce);
    const lines = runLines(archive.lines(run), run, lists, (problem) => screen.note(problem));
    const bring = fetching(lines, out, downloads, interruption.signal, () =>
      screen.progress(progressOf(downloads.counts)),
    );
    const results = await writeResultsFile(bring, out);
    await downloads.end();
    screen.progress('');
    screen.say(`${toldOf(downloads.counts)}; ${shownPath(results, base)}`);
    return exitCodeOf(downloads.counts);
  }).finally(() => interruption.dispose());
}

/** The results, each with the file that its image is here; images are brought on the way. */
async function* fetching(
  lines: AsyncIterable<ResultLine>,
  out: string,
  downloads: Downloads,
  signal: AbortSignal,
  onProgress: () => void,
): AsyncGenerator<ResultLine> {
  const shards = new Set<string>();
  let read = 0;
  for await (const line of lines) {
    if (signal.aborted) {
      await downloads.end();
      throw new CommandError('interrupted: the same command continues', EXIT.interrupted);
    }
    const image = imageOf(line, out);
    if (image !== undefined && !shards.has(image.uri)) {
      if (image.sha256 === undefined) shards.add(image.uri);
      await downloads.add(image);
    }
    const sides = sideFilesOf(line, out);
    for (const side of sides.values()) await downloads.add(side);
    read += 1;
    if (read % PROGRESS_EACH === 0) onProgress();
    yield withPlaces(line, image, sides);
  }
}

/** An object that is to be a file below the folder. */
interface WantedFile extends WantedObject {
  readonly file: string;
}

/** Shards lie beside each other, images as in the folder of a run of this machine. */
function imageOf(
  { file = '', offset, sha256, storedSha256 = sha256 }: ResultLine,
  out: string,
): WantedFile | undefined {
  const object = objectOf(file);
  if (object === undefined) return undefined;
  const name = basename(object.Key);
  const isShard = offset !== undefined;
  const here = isShard ? posix.join('shards', name) : posix.join('images', name.slice(0, 2), name);
  const named = isShard ? undefined : storedSha256;
  return { uri: file, path: join(out, here), file: here, sha256: named };
}

/** Its thumbnail and the files of hooks, by where they are; in the bucket each is named by its hash. */
function sideFilesOf(
  { thumbnail, files = {} }: ResultLine,
  out: string,
): ReadonlyMap<string, WantedFile> {
  const wanted = new Map<string, WantedFile>();
  for (const uri of [thumbnail, ...Object.values(files)]) {
    const file = uri === undefined ? undefined : objectOf(uri)?.Key;
    if (uri === undefined || file === undefined) continue;
    wanted.set(uri, { uri, path: join(out, file), file, sha256: basename(file).split('.')[0] });
  }
  return wanted;
}

/** The line with where its files are here. */
function withPlaces(
  line: ResultLine,
  image: WantedFile | undefined,
  sides: ReadonlyMap<string, WantedFile>,
): ResultLine {
  if (image === undefined && sides.size === 0) return line;
  const { file, thumbnail, files } = line;
  const here = (uri: string) => sides.get(uri)?.file ?? uri;
  const places = Object.entries(files ?? {}).map(([name, uri]) => [name, here(uri)]);
  return {
    ...line,
    file: image?.file ?? file,
    thumbnail: thumbnail && here(thumbnail),
    files: files && Object.fromEntries(places),
  };
}

function progressOf({ files, bytes }: FetchCounts): string {
  return `${countOf(files, 'file')}, ${formatBytes(bytes)}`;
}

function toldOf({ files, bytes, missing, failed, problem }: FetchCounts): string {
  const lost = missing === 0 ? '' : `, ${missing} not in the bucket any more`;
  const broken = failed === 0 ? '' : `, ${failed} failed, the first: ${problem}`;
  return `${countOf(files, 'file')} (${formatBytes(bytes)} downloaded)${lost}${broken}`;
}

function exitCodeOf({ failed, missing }: FetchCounts): ExitCode {
  return failed + missing === 0 ? EXIT.ended : EXIT.couldNotEnd;
}
