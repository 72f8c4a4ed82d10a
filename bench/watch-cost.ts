/**
 * `node bench/watch-cost.ts [--images N] [--rounds N]`: what a live page costs a crawl of small
 * pictures: without a page, with a page that nobody opens, and with one viewer that loads the pictures
 * that it is told of, in turn. Prints CPU seconds of the command and the share that was added.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { benchUrls } from './bench-urls.ts';
import { median } from './median.ts';
import { MALLOC, NODE_OPTIONS } from './run-script.ts';
import { startPictureServer } from './start-picture-server.ts';

const KINDS = ['no page', 'page, no viewer', 'one viewer'] as const;
type Kind = (typeof KINDS)[number];

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
  },
});
const images = Number(values.images);
const folder = await mkdtemp(join(tmpdir(), 'crawl-watch-cost-'));
const server = await startPictureServer(images);
const list = join(folder, 'urls.txt');
try {
  await writeFile(list, `${benchUrls(server.origins, images).join('\n')}\n`);
  await crawl('no page', join(folder, 'warm-up')); // synthesis and compiled code are not measured
  const cpu = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [at, kind] of KINDS.entries()) {
      const seconds = await crawl(kind, join(folder, `${round}-${at}`));
      cpu.get(kind)?.push(seconds);
      console.log(`round ${round + 1}, ${kind}: ${seconds.toFixed(2)} s of CPU`);
    }
  }
  const base = median(cpu.get('no page') ?? []);
  for (const [kind, all] of cpu) {
    const added = (100 * (median(all) / base - 1)).toFixed(1);
    console.log(`${kind}: median ${median(all).toFixed(2)} s of CPU, ${added} % added`);
  }
} finally {
  server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Runs the command to its end; gives the CPU seconds that it used. */
async function crawl(kind: Kind, place: string): Promise<number> {
  const meter = `${place}.json`;
  const script = join(import.meta.dirname, 'metered-crawl.ts');
  const flags = ['--allow-private', '--out', place, '--data', `${place}-data`];
  const words = [meter, 'run', list, ...flags, ...(kind === 'no page' ? [] : ['--watch'])];
  const child = spawn(process.execPath, [...NODE_OPTIONS, script, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...MALLOC, ...process.env },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for await (const line of createInterface(child.stderr)) {
    const [, url] = /^live page: (\S+)/.exec(line) ?? [];
    if (url !== undefined && kind === 'one viewer') void view(url).catch(() => {});
  }
  if ((await ended) !== 0) throw new Error(`crawl ended with ${await ended}`);
  return JSON.parse(await readFile(meter, 'utf8')).cpuSeconds;
}

/** As a browser does: each state is read, and each picture in it is loaded once. */
async function view(url: string): Promise<void> {
  await (await fetch(url)).text();
  const { body } = await fetch(new URL('/events', url));
  const seen = new Set<string>();
  if (body === null) throw new Error('no events');
  for await (const line of createInterface(Readable.fromWeb(body))) {
    if (!line.startsWith('data: {')) continue;
    const { pictures } = JSON.parse(line.slice(6));
    for (const { id } of pictures) {
      if (seen.has(id)) continue;
      seen.add(id);
      await (await fetch(new URL(`/picture/${id}`, url))).arrayBuffer();
    }
  }
}
