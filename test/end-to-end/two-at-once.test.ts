import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { freshHome, type Home } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseResults, parseStatus, parseStatuses, readResults, tally } from './run-output.ts';
import { waitUntil } from './wait-until.ts';

const IMAGES = 60;

async function prepare(slowMs: number, pictures = IMAGES) {
  const home = await freshHome();
  const site = await startPictureSite({ pictures, slowMs, hosts: 2 });
  const urls = benchUrls(site.origins, pictures);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  return { home, site, urls };
}

function run(out: string): readonly string[] {
  return ['run', 'urls.txt', '--out', out, '--allow-private'];
}

async function expectWhole(home: Home, out: string, urls: readonly string[]): Promise<void> {
  const results = await readResults(home.path(out, 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded: urls.length });
  expect(results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
}

test('of two runs at once in one data directory one is refused, and harms nothing', async () => {
  const { home, urls, site } = await prepare(100);
  const both = ['a', 'b'].map((out) => ({ out, running: home.start(run(out)) }));
  const ends = await Promise.all(
    both.map(async ({ out, running }) => ({ out, ended: await running.ended })),
  );

  const [right, refused] = ends.toSorted((a, b) => Number(a.ended.code) - Number(b.ended.code));
  if (right === undefined || refused === undefined) throw new Error('expected two ends');
  expectExit(right.ended, 0);
  expectExit(refused.ended, 1);
  const folder = home.path('.crawl');
  expect(refused.ended.stderr.replace(/ \(process \d+\)/, '')).toBe(
    `crawl: another crawl is using ${folder}: wait for it, or give --data another folder\n`,
  );
  expect(refused.ended.stdout).toBe('');
  expect(existsSync(home.path(refused.out))).toBe(false);
  await expectWhole(home, right.out, urls);
  expect(site.asked.toSorted()).toEqual(urls.toSorted());
});

test('a run can be looked at and cancelled from elsewhere, and resumed', async () => {
  const images = 600;
  // Not over before a worker hears of the cancellation, which may take it five seconds.
  const { home, urls, site } = await prepare(500, images);
  const running = home.start(run('out'));
  await waitUntil('40 requests', () => site.asked.length >= 40);

  const [before] = parseStatuses(await home.crawl('status', '--json'));
  const runId = before?.runId ?? 'none';
  expect(before).toMatchObject({ targets: images, failed: 0, skipped: 0 });
  expect(before?.state).toMatch(/^(seeding|running)$/);
  const looked = await home.crawl('results', runId);
  expectExit(looked, 0);
  const known = parseResults(looked.stdout);
  expect(known.length).toBeGreaterThan(0);
  expect(tally(known)).toEqual({ succeeded: known.length });
  expect(running.hasEnded()).toBe(false);

  const cancel = await home.crawl('cancel', runId);
  expectExit(cancel, 0);
  expect(cancel.stdout).toBe(
    `run ${runId} is cancelled: its workers skip the URLs that are not finished\n`,
  );
  const ended = await running.ended;

  expectExit(ended, 0);
  expect(ended.stdout).toContain(`crawl -- resume ${runId} --allow-private`);
  const cancelled = await readResults(home.path('out', 'results.jsonl'));
  const { succeeded = 0, cancelled: skipped = 0, ...others } = tally(cancelled);
  expect(others).toEqual({});
  expect(succeeded + skipped).toBe(images);
  expect(skipped).toBeGreaterThan(0);
  expect(succeeded).toBe(site.asked.length);
  const status = await home.crawl('status', runId, '--json');
  const sums = { targets: images, succeeded, failed: 0, skipped };
  expect(parseStatus(status)).toMatchObject({ state: 'cancelled', ...sums });
  site.slowMs = 0;

  const resumed = await home.crawl('resume', runId, '--allow-private');

  expectExit(resumed, 0);
  expect(site.asked.toSorted()).toEqual(urls.toSorted());
  await expectWhole(home, 'out', urls);
});
