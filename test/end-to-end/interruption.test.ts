import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { freshHome, type Home } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { type PictureSite, startPictureSite } from './picture-site.ts';
import { parseStatus, parseStatuses, readResults, tally } from './run-output.ts';
import { waitUntil } from './wait-until.ts';

const IMAGES = 900;
/** Three hosts of six connections take 50 of these waits for all images. */
const SLOW_MS = 25;

async function prepare() {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, slowMs: SLOW_MS, hosts: 3 });
  const urls = benchUrls(site.origins, IMAGES);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  return { home, site, urls };
}

const RUN = ['run', 'urls.txt', '--out', 'out', '--allow-private'];

async function newestRun(home: Home): Promise<string> {
  const [newest] = parseStatuses(await home.crawl('status', '--json'));
  return newest?.runId ?? 'none';
}

async function expectAllOnce(home: Home, runId: string, urls: readonly string[]): Promise<void> {
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded: IMAGES });
  expect(results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
  const status = parseStatus(await home.crawl('status', runId, '--json'));
  expect(status).toMatchObject({ state: 'done', targets: IMAGES, succeeded: IMAGES });
}

test('Ctrl-C stops cleanly and names the command that goes on', { timeout: 120_000 }, async () => {
  const { home, site, urls } = await prepare();
  const running = home.start(RUN);
  await waitUntil('500 requests', () => site.asked.length >= 500);
  // The rest would otherwise be there before the command has stopped waiting for what is under way.
  site.slowMs = 1000;
  running.kill('SIGINT');
  const stopped = await running.ended;

  expectExit(stopped, 1);
  const runId = await newestRun(home);
  expect(stopped.stdout).toContain(`crawl -- resume ${runId} --allow-private`);
  const before = await readResults(home.path('out', 'results.jsonl'));
  expect(tally(before)).toEqual({ succeeded: before.length });
  expect(before.length).toBeGreaterThan(100);
  const asked = site.asked.length;
  site.slowMs = 0;

  const resumed = await home.crawl('resume', runId, '--allow-private');

  expectExit(resumed, 0);
  const settled = before.map(({ url }) => url);
  expect(asksAgain(site, asked, settled)).toEqual([]);
  await expectAllOnce(home, runId, urls);
});

/** What was settled and asked all the same, after so many requests. */
function asksAgain(site: PictureSite, asked: number, settled: readonly string[]) {
  const known = new Set(settled);
  return site.asked.slice(asked).filter((url) => known.has(url));
}

test('under an older Node the crawl dies with the process that was typed', async () => {
  const { home, site } = await prepare();
  const running = home.start(RUN, { handsOver: true });
  await waitUntil('100 requests', () => site.asked.length >= 100);

  running.kill('SIGKILL');
  await running.ended; // when nobody holds its output any more

  expect(site.asked.length).toBeLessThan(IMAGES);
  const runs = await home.crawl('status');
  expectExit(runs, 0);
  expect(runs.stdout).toContain('stopped');
  const status = await home.crawl('status', await newestRun(home));
  expect(status.stdout).toContain('Not running. Resume with: ');
});
