/**
 * `npm run bench -- --real`: the crawl beside a plain loop and img2dataset over a list that is like
 * the web: many hosts, 80 to 200 ms away, some of them dead, some URLs gone, busy or moved; see
 * real-list.ts. One after the other, in new folders, against the same server.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkResults } from './check-results.ts';
import {
  type Contestant,
  crawl,
  img2dataset,
  plainLoop,
  resultLines,
  type Work,
} from './contestants.ts';
import { isLive, type ListedUrl, realList } from './real-list.ts';
import { measure, type RealMeasure } from './real-measure.ts';
import { printEnds, printReal, type RealRound } from './real-report.ts';
import { type RealServer, startRealServer } from './start-real-server.ts';
import { writeWork } from './write-work.ts';

/** What to run. */
export interface RealBenchOptions {
  readonly urls: number;
  readonly hosts: number;
  readonly rounds: number;
  readonly seed: number;
  readonly tls: boolean;
  /** Most seconds for each contestant. */
  readonly limitS: number;
}

type Enter = (work: Work) => Contestant | undefined;

/** In the order in which they run, by the end of the name of what they write. */
const CONTESTANTS: readonly (readonly [string, Enter])[] = [
  ['plain', plainLoop],
  ['img2dataset', img2dataset],
  ['crawl', crawl],
];
const SKIPPED = 'img2dataset: skipped, no Python with that package; IMG2DATASET_PYTHON names one';

/** URLs of the run that synthesises and compiles, and is not measured. */
const WARM_UP_URLS = 50;

/** Runs and prints it. Gives whether the crawl ended each URL as it should. */
export async function benchReal(options: RealBenchOptions): Promise<boolean> {
  // The contestants end with this process, see timed-run.ts.
  process.once('SIGINT', () => process.exit(130));
  const folder = await mkdtemp(join(tmpdir(), 'crawl-bench-'));
  const server = await startRealServer(options);
  try {
    const list = realList(server.origins, options.urls, options.seed);
    const rounds: RealRound[] = [];
    let isRight = true;
    await warmUp(folder, list, server, options);
    for (let round = 0; round < options.rounds; round += 1) {
      const base = join(folder, String(round));
      rounds.push(await runRound(base, list, server, options));
      const checked = checkResults(list, await resultLines(`${base}-crawl`));
      printEnds(checked);
      isRight &&= checked.differences.length === 0;
    }
    console.log(`\n${options.urls} URLs of ${options.hosts} hosts, seed ${options.seed}\n`);
    const { hosts, tls } = options;
    printReal(rounds, { live: list.filter(isLive).length, hosts, tls });
    return isRight;
  } finally {
    server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function warmUp(
  folder: string,
  list: readonly ListedUrl[],
  server: RealServer,
  { limitS }: RealBenchOptions,
): Promise<void> {
  const pictures = list.filter(({ kind }) => kind === 'picture').slice(0, WARM_UP_URLS);
  const work = await writeWork(pictures, server, join(folder, 'warm-up'));
  await measure(crawl(work), work, server, limitS);
}

async function runRound(
  base: string,
  list: readonly ListedUrl[],
  server: RealServer,
  { limitS }: RealBenchOptions,
): Promise<RealRound> {
  const round: RealMeasure[] = [];
  for (const [name, enter] of CONTESTANTS) {
    const work = await writeWork(list, server, `${base}-${name}`);
    const contestant = enter(work);
    if (contestant === undefined) console.log(SKIPPED);
    else {
      console.log(`running: ${contestant.name}`);
      round.push(await measure(contestant, work, server, limitS));
    }
  }
  return round;
}
