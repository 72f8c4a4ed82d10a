/**
 * `npm run soak:hosts -- [--hosts N] [--urls N] [--minutes N] [--seed N]`: a crawl of very many hosts,
 * some of them dead, sampled once a second: resident memory, open files, sockets and timers, the
 * most of each tenth of it. Exit code 1 when memory of the last tenth is more than 15 % above that of
 * the third, when the crawl failed, or when a URL of a crawl that ended in time did not end as it
 * should. Linux only.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkResults } from './check-results.ts';
import { crawl, crawlWords, resultLines, type Work } from './contestants.ts';
import { growth, MAX_GROWTH, tenthsOf } from './process-sample.ts';
import { realList } from './real-list.ts';
import { NODE_OPTIONS } from './run-script.ts';
import { type RealServer, startRealServer } from './start-real-server.ts';
import { timedRun } from './timed-run.ts';
import { writeWork } from './write-work.ts';

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '20000' },
    /** More than ten minutes are enough for. */
    urls: { type: 'string', default: '400000' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const [urls, hosts, seed] = [Number(values.urls), Number(values.hosts), Number(values.seed)];
// The crawl ends with this process, see timed-run.ts.
process.once('SIGINT', () => process.exit(130));
const folder = await mkdtemp(join(tmpdir(), 'crawl-soak-'));
const server = await startRealServer({ urls, hosts, seed, tls: false });
try {
  process.exitCode = (await soak(server)) ? 0 : 1;
} finally {
  server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Gives whether all was well. */
async function soak(server: RealServer): Promise<boolean> {
  const list = realList(server.origins, urls, seed);
  const work = await writeWork(list, server, join(folder, 'out'));
  const samples = join(folder, 'samples.jsonl');
  const log = join(folder, 'log');
  let images = 0;
  const { exitCode, seconds } = await timedRun({
    command: sampledCrawl(work, samples),
    env: { ...process.env, ...crawl(work).env },
    limitS: Number(values.minutes) * 60,
    log,
    onEnd: async () => {
      images = (await server.stats()).sentMs.length;
    },
  });
  const lines = await resultLines(work.out);
  console.log(JSON.stringify({ exitCode, seconds, urls, settled: lines.length, images }));
  if (exitCode !== undefined && exitCode !== 0) console.log(await readFile(log, 'utf8'));
  const tenths = tenthsOf(await readSamples(samples));
  for (const tenth of tenths) console.log(JSON.stringify(tenth));
  const grown = growth(tenths);
  console.log(`memory of the last tenth / that of the third: ${grown.toFixed(3)}`);
  const differences = exitCode === 0 ? checkResults(list, lines).differences : [];
  for (const difference of differences) console.log(`DIFFERENT: ${difference}`);
  return (exitCode ?? 0) === 0 && differences.length === 0 && grown <= MAX_GROWTH;
}

function sampledCrawl(work: Work, samples: string): readonly [string, ...string[]] {
  const script = join(import.meta.dirname, 'sampled-crawl.ts');
  return [process.execPath, ...NODE_OPTIONS, script, samples, ...crawlWords(work)];
}

async function readSamples(file: string) {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line): Record<string, number> => JSON.parse(line));
}
