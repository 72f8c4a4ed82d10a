import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { picturePath as pathOf } from '../../bench/picture-path.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseStatus, parseSummary, readResults, tally } from './run-output.ts';

const GOOD = 40;
/** As many as are asked at once: the host is left alone after each such round. */
const BUSY = 6;
const MISSING = 9;
const PAGES = 5;

test('a retry asks only what may have recovered, and the sums stay exact', async () => {
  const home = await freshHome();
  const well = await startPictureSite({
    pictures: GOOD,
    answer: (path, response) => {
      if (!path.startsWith('/page')) return false;
      response.writeHead(200, { 'Content-Type': 'image/png' }).end('<html>no image</html>');
      return true;
    },
  });
  let healed = false;
  const ill = await startPictureSite({
    pictures: BUSY,
    answer: (_, response) => {
      if (!healed) response.writeHead(503).end();
      return !healed;
    },
  });
  const good = urlsOf(GOOD, (n) => `${well.origins}${pathOf(n)}`);
  const busy = urlsOf(BUSY, (n) => `${ill.origins}${pathOf(n)}`);
  const missing = urlsOf(MISSING, (n) => `${well.origins}/missing-${n}.jpg`);
  const pages = urlsOf(PAGES, (n) => `${well.origins}/page-${n}.png`);
  const urls = [...good, ...busy, ...missing, ...pages];
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);
  const flags = ['--allow-private', '--json'];
  const read = () => readResults(home.path('out', 'results.jsonl'));

  const first = await home.crawl('run', 'urls.txt', '--out', 'out', '--attempts', '2', ...flags);

  const lasting = { 'not-found': MISSING, 'not-an-image': PAGES };
  const before = { ...lasting, unavailable: BUSY };
  expectExit(first, 0);
  expect(tally(await read())).toEqual({ ...before, succeeded: GOOD });
  const { runId, ...sums } = parseSummary(first);
  expect(sums).toMatchObject({
    targets: urls.length,
    succeeded: GOOD,
    failed: BUSY + MISSING + PAGES,
    skipped: 0,
    reasons: before,
  });
  expect(first.stderr).toContain(`crawl -- retry ${runId} --allow-private`);

  healed = true;
  well.seen = [];
  ill.seen = [];
  const second = await home.crawl('retry', runId, ...flags);

  expectExit(second, 0);
  expect(well.asked).toEqual([]);
  expect(ill.asked.toSorted()).toEqual(busy.toSorted());
  const results = await read();
  expect(results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
  expect(tally(results)).toEqual({ ...lasting, succeeded: GOOD + BUSY });
  const after = {
    runId,
    targets: urls.length,
    succeeded: GOOD + BUSY,
    failed: MISSING + PAGES,
    skipped: 0,
    reasons: lasting,
    bytes: sumOfBytes(results),
  };
  expect(parseSummary(second)).toMatchObject(after);
  const status = await home.crawl('status', runId, '--json');
  expect(parseStatus(status)).toMatchObject({ ...after, state: 'done' });

  ill.seen = [];
  const third = await home.crawl('retry', runId, ...flags);

  expectExit(third, 0);
  expect(third.stderr).toContain(`nothing to retry in ${runId}: no temporary failures`);
  expect(parseSummary(third)).toMatchObject(after);
  expect([...well.seen, ...ill.seen]).toEqual([]);
});

function urlsOf(count: number, urlOf: (n: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, n) => urlOf(n));
}

function sumOfBytes(results: Awaited<ReturnType<typeof readResults>>): number {
  return results.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}
