/**
 * `node bench/plain-loop.ts URLS_FILE OUT_DIR [--concurrency 48]`: the loop that one would write
 * without this project, as the yardstick of the bench: no queue, no robots.txt, no second try, and
 * nothing kept of what was done. Prints one line of JSON at its end, or at SIGINT. Further options:
 * limits in milliseconds, redirects to follow, and `--quiet` to say nothing of single failures.
 */
import { hash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { imageSize } from 'image-size';
import { Agent, interceptors, request } from 'undici';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: 'string', default: '48' },
    'connect-timeout': { type: 'string', default: '10000' },
    'headers-timeout': { type: 'string', default: '300000' },
    'body-timeout': { type: 'string', default: '300000' },
    redirects: { type: 'string', default: '0' },
    quiet: { type: 'boolean', default: false },
  },
});
const [urlsFile, outDir] = positionals;
if (urlsFile === undefined || outDir === undefined) {
  console.error('expected: plain-loop.ts URLS_FILE OUT_DIR [--concurrency N]');
  process.exit(2);
}

const urls = (await readFile(urlsFile, 'utf8')).split('\n').filter((line) => line !== '');
await mkdir(outDir, { recursive: true });
const agent = new Agent({
  connections: 6,
  connect: { timeout: Number(values['connect-timeout']) },
  headersTimeout: Number(values['headers-timeout']),
  bodyTimeout: Number(values['body-timeout']),
});
const maxRedirections = Number(values.redirects);
const dispatcher =
  maxRedirections > 0 ? agent.compose(interceptors.redirect({ maxRedirections })) : agent;
const totals = { images: 0, failed: 0, bytes: 0 };
const started = performance.now();
process.once('SIGINT', () => {
  printTotals();
  process.exit();
});
const queue = urls.values();
await Promise.all(Array.from({ length: Number(values.concurrency) }, () => takeAll(queue, outDir)));
printTotals();
await agent.close();

function printTotals(): void {
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const peakRssMB = process.resourceUsage().maxRSS / 1024;
  const cpuSeconds = (user + system) / 1e6;
  console.log(JSON.stringify({ ...totals, seconds, cpuSeconds, peakRssMB }));
}

/** Many of these share one iterator, so that each URL is taken by one of them. */
async function takeAll(urls: Iterable<string>, dir: string): Promise<void> {
  for (const url of urls) {
    try {
      const bytes = await download(url, dir);
      totals.bytes += bytes;
      totals.images += 1;
    } catch (error) {
      totals.failed += 1;
      if (!values.quiet) console.error(`${url}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Stores the picture under its hash; gives its length in bytes. */
async function download(url: string, dir: string): Promise<number> {
  const { statusCode, body } = await request(url, { dispatcher });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`answered ${statusCode}`);
  }
  const bytes = await body.bytes();
  const { type } = imageSize(bytes);
  await writeFile(join(dir, `${hash('sha256', bytes)}.${type}`), bytes);
  return bytes.length;
}
