/**
 * `npm run soak:crawl -- [--images N]`: one long crawl of the local runner, watched from outside
 * once a second: resident memory and open handles, for each tenth of it, and whether each URL has
 * one result and nothing else. Linux only: it reads `/proc`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { benchUrls } from './bench-urls.ts';
import { look, tenthsOf } from './process-sample.ts';
import { MALLOC, NODE_OPTIONS } from './run-script.ts';
import { startPictureServer } from './start-picture-server.ts';

const { values } = parseArgs({ options: { images: { type: 'string', default: '100000' } } });
const images = Number(values.images);
const folder = await mkdtemp(join(tmpdir(), 'crawl-soak-'));
const server = await startPictureServer(images);
try {
  const urls = benchUrls(server.origins, images);
  await writeFile(join(folder, 'urls.txt'), `${urls.join('\n')}\n`);
  const command = join(import.meta.dirname, '..', 'cli', 'crawl.js');
  const words = ['run', 'urls.txt', '--out', 'out', '--allow-private', '--json'];
  const child = spawn(process.execPath, [...NODE_OPTIONS, command, ...words], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...MALLOC, ...process.env },
  });
  const exit = once(child, 'exit');
  const seen = [];
  while (child.exitCode === null && child.pid !== undefined) {
    const sample = await look(child.pid);
    if (sample !== undefined) seen.push(sample);
    await sleep(1000);
  }
  const [code] = await exit;
  const settled: string[] = [];
  for await (const line of createInterface(createReadStream(join(folder, 'out', 'results.jsonl'))))
    settled.push(JSON.parse(line).url);
  const distinct = new Set(settled);
  const lost = urls.filter((url) => !distinct.has(url)).length;
  const settledTwice = settled.length - distinct.size;
  console.log(JSON.stringify({ code, seeded: images, settled: distinct.size, lost, settledTwice }));
  for (const tenth of tenthsOf(seen)) console.log(JSON.stringify(tenth));
} finally {
  server.stop();
  await rm(folder, { recursive: true, force: true });
}
