import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { type PictureSite, startPictureSite } from './picture-site.ts';
import { parseStatuses, readResults, tally } from './run-output.ts';
import { waitUntil } from './wait-until.ts';

const IMAGES = 45;
const DELAY_MS = 120;
/** What a busy server may be late to see a request, in milliseconds. */
const BLUR_MS = 60;

/** The least time between two requests that a host saw, robots.txt among them. */
function leastGapMs({ seen }: PictureSite, origin: string): number {
  const times = seen.filter(({ url }) => url.startsWith(origin)).map(({ atMs }) => atMs);
  return Math.min(...times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0)));
}

test('no host is asked sooner than allowed, over workers, a power cut and a resume', {
  timeout: 60_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, slowMs: 5, hosts: 3 });
  await writeFile(home.path('urls.txt'), benchUrls(site.origins, IMAGES).join('\n'));
  const flags = ['--allow-private', '--out', 'out', '--workers', '4'];
  const pace = ['--delay', String(DELAY_MS), '--per-host', '2'];
  const running = home.start(['run', 'urls.txt', ...pace, ...flags]);
  await waitUntil('15 requests', () => site.asked.length >= 15);
  running.kill('SIGKILL');
  await running.ended;
  const [newest] = parseStatuses(await home.crawl('status', '--json'));

  const ended = await home.crawl('resume', newest?.runId ?? 'none', ...flags);

  expectExit(ended, 0);
  expect(tally(await readResults(home.path('out', 'results.jsonl')))).toEqual({
    succeeded: IMAGES,
  });
  const gaps = site.origins.map((origin) => leastGapMs(site, origin));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(DELAY_MS - BLUR_MS);
  expect(site.maxSimultaneous).toBeLessThanOrEqual(3 * 2);
});
