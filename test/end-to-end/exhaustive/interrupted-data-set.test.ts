import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { freshHome } from '../crawl-process.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseStatuses } from '../run-output.ts';
import { waitUntil } from '../wait-until.ts';

const IMAGES = 600;
const RUN = ['run', 'urls.txt', '--out', 'out', '--allow-private'];
const OUTPUT = ['--format', 'webdataset', '--shard-size', '250'];

test('a run that was stopped and resumed gives the shards of one that was not', async () => {
  const site = await startPictureSite({ pictures: IMAGES, slowMs: 10, hosts: 2 });
  const urls = benchUrls(site.origins, IMAGES);
  const [whole, stopped] = [await freshHome(), await freshHome()];
  for (const home of [whole, stopped]) await writeFile(home.path('urls.txt'), urls.join('\n'));
  expect(await whole.crawl(...RUN, ...OUTPUT)).toMatchObject({ code: 0 });
  const asked = site.asked.length;

  const running = stopped.start([...RUN, ...OUTPUT]);
  await waitUntil('300 requests', () => site.asked.length >= asked + 300);
  site.slowMs = 1000;
  running.kill('SIGINT');
  expect(await running.ended).toMatchObject({ code: 1 });
  expect(await readdir(stopped.path('out'))).not.toContain('webdataset');
  site.slowMs = 0;
  const [run] = parseStatuses(await stopped.crawl('status', '--json'));
  const resumed = await stopped.crawl('resume', run?.runId ?? 'none', '--allow-private');

  expect(resumed).toMatchObject({ code: 0 });
  const names = await readdir(whole.path('out', 'webdataset'));
  expect(names.filter((name) => name.endsWith('.tar'))).toHaveLength(3);
  expect(await readdir(stopped.path('out', 'webdataset'))).toEqual(names);
  for (const name of names.filter((it) => /\.(tar|parquet)$/.test(it))) {
    const [a, b] = [whole, stopped].map((home) => home.path('out', 'webdataset', name));
    expect(await readFile(a ?? '')).toEqual(await readFile(b ?? ''));
  }
});
