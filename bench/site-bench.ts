/**
 * `npm run bench -- --site [--pages N] [--images N]`: a whole site on loopback, crawled from its
 * first page with `crawl run --pages`. There is no yardstick beside it: pages, links and pictures
 * differ from site to site, so its figures are for comparing two states of this project.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_OPTIONS, runScript } from './run-script.ts';
import { startPictureServer } from './start-picture-server.ts';

/** Crawls the site once and prints what it took. */
export async function benchSite(pages: number, images: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crawl-bench-'));
  const server = await startPictureServer(images, pages);
  try {
    const [start = ''] = server.origins;
    const meter = join(folder, 'meter.json');
    const places = ['--data', join(folder, 'data'), '--out', join(folder, 'out')];
    const bounds = ['--max-pages', String(pages), '--no-sitemaps'];
    const args = ['run', '--pages', `${start}/`, '--allow-private', '--json', ...bounds, ...places];
    const summary = JSON.parse(await runScript(NODE_OPTIONS, 'metered-crawl.ts', meter, ...args));
    printSite(summary, JSON.parse(await readFile(meter, 'utf8')));
  } finally {
    server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface SiteSummary {
  readonly targets: number;
  readonly succeeded: number;
  readonly documents: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

interface SiteMeter {
  readonly cpuSeconds: number;
  readonly peakRssMB: number;
  readonly requests: { readonly requests: Readonly<Record<string, number>> };
}

function printSite(summary: SiteSummary, { cpuSeconds, peakRssMB, requests }: SiteMeter): void {
  const { targets, succeeded, documents, failed, skipped, seconds } = summary;
  const say = (name: string, value: number) =>
    console.log(`${name.padEnd(32)}${value.toFixed(value < 100 ? 2 : 0).padStart(12)}`);
  say('pages', documents);
  say('images', succeeded - documents);
  say('failed and skipped', failed + skipped);
  say('pages per second', documents / seconds);
  say('images per second', (succeeded - documents) / seconds);
  say('CPU seconds per 1,000 URLs', (cpuSeconds / targets) * 1000);
  say('peak memory, MB', peakRssMB);
  console.log('\nAWS requests per 1,000 URLs');
  for (const [kind, count] of Object.entries(requests.requests))
    say(kind, (count / targets) * 1000);
}
