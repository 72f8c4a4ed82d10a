import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { freshHome, type Home } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseResults, parseStatuses, readResults, tally } from '../run-output.ts';
import { waitUntil } from '../wait-until.ts';

const IMAGES = 400;
/** Requests in which the results of a shard are written. */
const MORE = 80;

/** Whether an object of some size is in the bucket of this machine. */
function hasShard(home: Home): boolean {
  const objects = home.path('.crawl', 'objects');
  return existsSync(objects) && readdirSync(objects).length > 0;
}

/** Names of the members of all shards that were fetched. */
function membersIn(home: Home): readonly string[] {
  const shards = readdirSync(home.path('got', 'shards'));
  return shards.flatMap((name) => {
    const listed = execFileSync('tar', ['-tf', home.path('got', 'shards', name)]);
    return listed.toString().trim().split('\n');
  });
}

test('a crawl into shards that is killed goes on, and all it settled can be fetched and read', {
  timeout: 180_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, slowMs: 300, hosts: 3 });
  const urls = benchUrls(site.origins, IMAGES);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  const words = ['run', 'urls.txt', '--out', 'out', '--allow-private'];
  const running = home.start([...words, '--image-storage', 'shards']);
  await waitUntil('a shard', () => hasShard(home) || running.hasEnded(), 60_000);
  const until = site.asked.length + MORE;
  await waitUntil('its results', () => site.asked.length >= until || running.hasEnded());
  running.kill('SIGKILL');
  await running.ended;
  site.slowMs = 0;
  const before = site.asked.length;
  const [run] = parseStatuses(await home.crawl('status', '--json'));
  const runId = run?.runId ?? 'none';
  const settled = parseResults((await home.crawl('results', runId)).stdout);
  expect(settled.length).toBeGreaterThan(0);

  const resumed = await home.crawl('resume', runId, '--allow-private', '--out', 'out');

  expectExit(resumed, 0);
  expect(resumed.stdout).toContain(`fetch ${runId}`);
  const later = new Set(site.asked.slice(before));
  expect(settled.filter(({ url }) => later.has(url))).toEqual([]);
  expect(tally(await readResults(home.path('out', 'results.jsonl')))).toEqual({
    succeeded: IMAGES,
  });

  const fetched = await home.crawl('fetch', runId, '--out', 'got');

  expectExit(fetched, 0);
  const results = await readResults(home.path('got', 'results.jsonl'));
  expect(new Set(results.map(({ url }) => url))).toEqual(new Set(urls));
  const wrong = results.filter(({ file = '', offset = 0, length = 0, sha256 }) => {
    const bytes = readFileSync(home.path('got', file)).subarray(offset, offset + length);
    return hash('sha256', bytes) !== sha256;
  });
  expect(wrong).toEqual([]);
  expect(membersIn(home)).toEqual(
    expect.arrayContaining(results.map(({ sha256 = '' }) => expect.stringContaining(sha256))),
  );
  const again = await home.crawl('fetch', runId, '--out', 'got');
  expect(again.stdout).toContain('(0 B downloaded)');

  const deleted = await home.crawl('delete', runId, '--yes');

  expect(deleted.stdout).toMatch(/deleted 1 run and 0 images and \d+ shards? of images/);
});
