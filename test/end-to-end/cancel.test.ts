import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseStatus, parseStatuses, parseSummary, readResults, tally } from './run-output.ts';
import { waitUntil } from './wait-until.ts';

const IMAGES = 400;

test('a run that nothing works on is settled by its cancellation, without a request', {
  timeout: 180_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, slowMs: 50, hosts: 2 });
  const urls = benchUrls(site.origins, IMAGES);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  const running = home.start(['run', 'urls.txt', '--out', 'out', '--allow-private']);
  await waitUntil('60 requests', () => site.asked.length >= 60);
  running.kill('SIGKILL');
  await running.ended;
  const [stopped] = parseStatuses(await home.crawl('status', '--json'));
  const runId = stopped?.runId ?? 'none';
  expect(stopped).toMatchObject({ state: 'stopped', source: 'urls.txt', targets: IMAGES });
  const asked = site.seen.length;

  const cancelled = await home.crawl('cancel', runId);

  expectExit(cancelled, 0);
  expect(site.seen).toHaveLength(asked);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
  const { succeeded = 0, cancelled: skipped = 0 } = tally(results);
  expect(succeeded + skipped).toBe(IMAGES);
  expect(skipped).toBeGreaterThan(0);
  const status = parseStatus(await home.crawl('status', runId, '--json'));
  expect(status).toMatchObject({ state: 'cancelled', targets: IMAGES, succeeded, skipped });
  expect((await home.crawl('cancel', runId)).stdout).toBe(`run ${runId} has already ended\n`);

  // The run's record knows that private addresses were allowed: nobody has to say it again.
  site.slowMs = 0;
  const resumed = await home.crawl('resume', runId, '--json');
  expectExit(resumed, 0);
  expect(parseSummary(resumed)).toMatchObject({ state: 'done', succeeded: IMAGES });
});
