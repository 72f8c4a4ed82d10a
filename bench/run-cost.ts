/**
 * `npm run cost -- [--images N]`: what a million images cost on AWS, from what a run of this
 * machine asked of it. Prints the table of docs/deploy.md.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PRICES_OF } from '../contract/prices.ts';
import { benchUrls } from './bench-urls.ts';
import { costTable } from './cost-table.ts';
import { runScript } from './run-script.ts';
import { startPictureServer } from './start-picture-server.ts';

const { values } = parseArgs({ options: { images: { type: 'string', default: '10000' } } });
const images = Number(values.images);
const folder = await mkdtemp(join(tmpdir(), 'crawl-cost-'));
const server = await startPictureServer(images);
try {
  const urls = join(folder, 'urls.txt');
  await writeFile(urls, `${benchUrls(server.origins, images).join('\n')}\n`);
  const meter = join(folder, 'meter.json');
  const places = ['--data', join(folder, 'data'), '--out', join(folder, 'out')];
  const args = ['run', urls, '--allow-private', '--json', ...places];
  const { succeeded } = JSON.parse(await runScript([], 'metered-crawl.ts', meter, ...args));
  const { requests } = JSON.parse(await readFile(meter, 'utf8'));
  console.log(`A million images, from a run of ${succeeded}; list prices of ${PRICES_OF}:\n`);
  console.log(costTable(requests.requests, succeeded));
} finally {
  server.stop();
  await rm(folder, { recursive: true, force: true });
}
