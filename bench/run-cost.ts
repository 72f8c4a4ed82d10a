/**
 * `npm run cost -- [--images N]`: what a million images cost on AWS, from what a run of this
 * machine asked of it: of eight fast hosts, or, with `--real [--urls N] [--hosts N] [--seed N]
 * [--limit S]`, of the list of real-list.ts; with `--storage objects` or `--storage shards` in one of
 * the two ways alone. Prints the tables of docs/deploy.md.
 */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PRICES_OF } from '../contract/prices.ts';
import { benchUrls } from './bench-urls.ts';
import { crawl, resultLines } from './contestants.ts';
import { type Counted, costTable, IMAGE_BYTES, LOG_BYTES } from './cost-table.ts';
import { realList } from './real-list.ts';
import { measure } from './real-measure.ts';
import { runScript } from './run-script.ts';
import { startPictureServer } from './start-picture-server.ts';
import { startRealServer } from './start-real-server.ts';
import { writeWork } from './write-work.ts';

/** What a run counted. */
interface CountedRun {
  readonly urls: number;
  readonly succeeded: number;
  readonly counted: Counted;
}

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '10000' },
    real: { type: 'boolean', default: false },
    urls: { type: 'string', default: '20000' },
    hosts: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    limit: { type: 'string', default: '600' },
    storage: { type: 'string', multiple: true, default: ['objects', 'shards'] },
  },
});
for (const storage of values.storage) {
  const folder = await mkdtemp(join(tmpdir(), 'crawl-cost-'));
  try {
    const { urls, succeeded, counted } = await (values.real
      ? ofRealList(folder, storage)
      : ofFastHosts(folder, storage));
    const run = `a run of ${urls} URLs, ${succeeded} of them images that were kept as ${storage}`;
    console.log(`A million images, from ${run}; list prices of ${PRICES_OF}:\n`);
    console.log(`${costTable(counted, succeeded)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ofFastHosts(folder: string, storage: string): Promise<CountedRun> {
  const urls = Number(values.images);
  const server = await startPictureServer(urls);
  try {
    const list = join(folder, 'urls.txt');
    await writeFile(list, `${benchUrls(server.origins, urls).join('\n')}\n`);
    const meter = join(folder, 'meter.json');
    const places = ['--data', join(folder, 'data'), '--out', join(folder, 'out')];
    const how = ['--image-storage', storage];
    const args = ['run', list, '--allow-private', '--json', ...how, ...places];
    const { succeeded, bytes } = JSON.parse(
      await runScript([], 'metered-crawl.ts', meter, ...args),
    );
    const { requests } = JSON.parse(await readFile(meter, 'utf8'));
    const logs = await bytesIn(join(folder, 'data', 'logs'));
    const counted = { ...requests.requests, [LOG_BYTES]: logs, [IMAGE_BYTES]: bytes };
    return { urls, succeeded, counted };
  } finally {
    server.stop();
  }
}

async function ofRealList(folder: string, storage: string): Promise<CountedRun> {
  // The crawl ends with this process, see timed-run.ts.
  process.once('SIGINT', () => process.exit(130));
  const [urls, hosts, seed] = [Number(values.urls), Number(values.hosts), Number(values.seed)];
  const server = await startRealServer({ urls, hosts, seed, tls: false });
  try {
    const work = await writeWork(realList(server.origins, urls, seed), server, join(folder, 'out'));
    const crawling = crawl(work, ['--image-storage', storage]);
    const { exitCode, counted } = await measure(crawling, work, server, Number(values.limit));
    if (exitCode === undefined) throw new Error(`no end after ${values.limit} s: see --limit`);
    const lines = (await resultLines(work.out)).map((line) => JSON.parse(line));
    const kept = lines.filter(({ status }) => status === 'succeeded');
    const bytes = kept.reduce((sum, line) => sum + (line.bytes ?? 0), 0);
    const logs = await bytesIn(`${work.out}-data/logs`);
    const all = { ...counted, [LOG_BYTES]: logs, [IMAGE_BYTES]: bytes };
    return { urls, succeeded: kept.length, counted: all };
  } finally {
    server.stop();
  }
}

/** Of all files of a folder. */
async function bytesIn(path: string): Promise<number> {
  const names = await readdir(path);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
