import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { freshHome } from '../crawl-process.ts';
import { type PictureSite, startPictureSite } from '../picture-site.ts';
import { parseStatuses, readResults, tally } from '../run-output.ts';
import { waitUntil } from '../wait-until.ts';

const IMAGES = 44;
const RATE = 4;
/** What a busy server may be late to see a request, in milliseconds. */
const BLUR_MS = 40;

/** When a host was asked, after a moment. */
function timesOf({ seen }: PictureSite, origin = '', afterMs = 0): readonly number[] {
  const times = seen.filter(({ url }) => url.startsWith(origin)).map(({ atMs }) => atMs);
  return times.filter((atMs) => atMs > afterMs);
}

test('a host can be slowed and another one stopped while a run goes on, and after it was killed', {
  timeout: 90_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, hosts: 2 });
  const [slowed = '', stopped = ''] = site.origins;
  await writeFile(home.path('urls.txt'), benchUrls(site.origins, IMAGES).join('\n'));
  const flags = ['--allow-private', '--out', 'out', '--workers', '2'];
  const running = home.start(['run', 'urls.txt', '--delay', '600', ...flags]);
  await waitUntil('4 requests', () => site.asked.length >= 4);

  const [slow, stop] = await Promise.all([
    home.crawl('slow', new URL(slowed).host, '0.5'),
    home.crawl('stop', new URL(stopped).host),
  ]);
  expect(slow).toMatchObject({ code: 0, stdout: expect.stringContaining('0.5 times a second') });
  expect(stop).toMatchObject({ code: 0, stdout: expect.stringContaining('asked no more') });
  const seenMs = performance.now() + 6000;
  await waitUntil('two slow requests', () => timesOf(site, slowed, seenMs).length >= 2);
  const later = timesOf(site, slowed, seenMs);
  expect((later[1] ?? 0) - (later[0] ?? 0)).toBeGreaterThanOrEqual(2000 - BLUR_MS);
  expect(timesOf(site, stopped, seenMs)).toEqual([]);
  running.kill('SIGKILL');
  await running.ended;

  const [newest] = parseStatuses(await home.crawl('status', '--json'));
  const runId = newest?.runId ?? 'none';
  const faster = await home.crawl('slow', new URL(slowed).host, String(RATE), '--run', runId);
  expect(faster).toMatchObject({ code: 0, stdout: expect.stringContaining('when it is resumed') });
  const killedMs = performance.now();
  expect(await home.crawl('resume', runId, ...flags)).toMatchObject({ code: 0 });

  expect(timesOf(site, stopped, killedMs)).toEqual([]);
  const ends = tally(await readResults(home.path('out', 'results.jsonl')));
  expect(ends['succeeded']).toBeGreaterThanOrEqual(IMAGES / 2);
  expect((ends['succeeded'] ?? 0) + (ends['host-stopped'] ?? 0)).toBe(IMAGES);
  expect(ends['host-stopped']).toBeGreaterThan(5);
  const told = (await home.crawl('status', runId)).stdout;
  expect(told).toContain(`${new URL(stopped).host} is asked no more`);
});
