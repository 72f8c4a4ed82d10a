import { mkdir, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benchUrls } from '../../../bench/bench-urls.ts';
import { freshHome } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { startPictureSite } from '../picture-site.ts';
import { parseStatuses, readResults, tally } from '../run-output.ts';

test('a disk that takes no more of the ledger ends the command, and the run goes on', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 600 });
  await writeFile(home.path('urls.txt'), benchUrls(site.origins, 600).join('\n'));

  const stopped = await home.startWithSmallFiles('run', 'urls.txt', '--allow-private').ended;

  const [run] = parseStatuses(await home.crawl('status', '--json'));
  const runId = run?.runId ?? '';
  expectExit(stopped, 1);
  const [told, ...more] = stopped.stderr.split('\n').filter((line) => line.startsWith('crawl: '));
  expect(more).toEqual([]);
  expect(told).toMatch(/^crawl: cannot write .*\.crawl\/data\.sqlite: disk I\/O error\. /);
  expect(told).toContain(`crawl -- resume ${runId} --allow-private`);
  expect(stopped.stderr).not.toContain('    at ');

  const resumed = await home.crawl('resume', runId, '--allow-private', '--json');

  expectExit(resumed, 0);
  const results = await readResults(home.path('crawl-out', runId, 'results.jsonl'));
  expect(tally(results)).toEqual({ succeeded: 600 });
});

test('a disk that takes no images ends the command, and the run goes on when it does', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 20 });
  await writeFile(home.path('urls.txt'), benchUrls(site.origins, 20).join('\n'));
  // What a full disk is to everyone but the one who owns the machine.
  await mkdir(home.path('out'));
  await writeFile(home.path('out', 'images'), 'in the way');

  const stopped = await home.crawl('run', 'urls.txt', '--out', 'out', '--allow-private');

  const [run] = parseStatuses(await home.crawl('status', '--json'));
  const runId = run?.runId ?? '';
  const told = stopped.stderr.split('\n').filter((line) => line.startsWith('crawl: '));
  expectExit(stopped, 1);
  expect(stopped.stdout).toBe('');
  expect(told).toEqual([
    expect.stringMatching(/^crawl: cannot write .*out\/images\/.*: a part of the path is not/),
  ]);
  expect(told[0]).toContain(`crawl -- resume ${runId} --allow-private`);

  await rm(home.path('out', 'images'));
  const resumed = await home.crawl('resume', runId, '--allow-private');

  expectExit(resumed, 0);
  expect(tally(await readResults(home.path('out', 'results.jsonl')))).toEqual({ succeeded: 20 });
});
