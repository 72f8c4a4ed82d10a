/**
 * `npm run bench -- [--images N] [--rounds N]`: the whole local path and a plain undici loop over
 * the same pictures, in turn and in one run, so that their ratio holds on a machine whose speed
 * drifts. Every round has new folders, and nothing is deleted before the end: ext4 creates files
 * several times dearer for minutes after many were deleted.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { printReport, type Round } from './bench-report.ts';
import { benchUrls } from './bench-urls.ts';
import { startPictureServer } from './start-picture-server.ts';

/** As the command itself is started. */
const NODE_OPTIONS = ['--max-old-space-size=512', '--max-semi-space-size=4'];

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    hosts: { type: 'string', default: '8' },
  },
});
const images = Number(values.images);
const folder = await mkdtemp(join(tmpdir(), 'crawl-bench-'));
const server = await startPictureServer(images);
try {
  const urls = join(folder, 'urls.txt');
  const hosts = server.origins.slice(0, Number(values.hosts));
  await writeFile(urls, `${benchUrls(server.origins, images).filter(isOn(hosts)).join('\n')}\n`);
  await crawl(urls, join(folder, 'warm-up')); // synthesis and compiled code are not measured
  const rounds: Round[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const plain = JSON.parse(await run([], 'plain-loop.ts', urls, join(folder, `plain-${round}`)));
    rounds.push({ plain, crawl: await crawl(urls, join(folder, `crawl-${round}`)) });
  }
  printReport(rounds, JSON.parse(await run([], 'rules-cost.ts')));
} finally {
  server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function crawl(urls: string, base: string) {
  const meter = `${base}.json`;
  const places = ['--data', `${base}-data`, '--out', base];
  const args = ['run', urls, '--allow-private', '--json', ...places];
  const summary = JSON.parse(await run(NODE_OPTIONS, 'metered-crawl.ts', meter, ...args));
  return { ...summary, ...JSON.parse(await readFile(meter, 'utf8')) };
}

async function run(options: readonly string[], script: string, ...args: string[]): Promise<string> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, [...options, path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`${script} failed: ${output}`);
  return output;
}

function isOn(origins: readonly string[]): (url: string) => boolean {
  return (url) => origins.includes(new URL(url).origin);
}
