import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseStatus, parseSummary, readResults, tally } from '../run-output.ts';

const IMAGES = 300;

test('a run stops at its estimated cost, and goes on with a higher ceiling where it was', {
  timeout: 180_000,
}, async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: IMAGES, hosts: 2 });
  const urls = benchUrls(site.origins, IMAGES);
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  const words = ['run', 'urls.txt', '--out', 'out', '--allow-private', '--delay', '50ms', '--json'];

  const stopped = await home.crawl(...words, '--max-cost', '0.0001');

  expectExit(stopped, 4);
  const { runId, succeeded, estimatedCost, ...more } = parseSummary(stopped);
  expect(more).toMatchObject({ state: 'over-budget', targets: IMAGES, maxCost: 0.0001 });
  expect(estimatedCost).toBeGreaterThan(0.0001);
  expect(estimatedCost).toBeLessThan(0.01);
  expect(succeeded).toBeLessThan(IMAGES);
  expect(stopped.stderr).toContain(`resume ${runId} --allow-private --max-cost DOLLARS`);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded });
  expect(parseStatus(await home.crawl('status', runId, '--json'))).toMatchObject({
    state: 'over-budget',
    estimatedCost,
  });
  const refused = await home.crawl('resume', runId);
  expectExit(refused, 2);
  expect(refused.stderr).toMatch(
    /is over its budget: an estimated \$0\.0\S+ of \$0\.00010\. Give it/,
  );

  const resumed = await home.crawl('resume', runId, '--max-cost', '5', '--json');

  expectExit(resumed, 0);
  expect(parseSummary(resumed)).toMatchObject({ state: 'done', succeeded: IMAGES, maxCost: 5 });
  const asked = site.asked.toSorted();
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(12);
  const all = await readResults(home.path('out', 'results.jsonl'));
  expect(all.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
});
