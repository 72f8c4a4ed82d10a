import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { main } from '../../cli/main.ts';
import { BufferOutput } from '../cli/buffer-output.ts';
import { freshHome, type Home } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseStatuses, parseSummary } from './run-output.ts';

async function imagesIn(home: Home, folder: string): Promise<number> {
  const entries = await readdir(home.path(folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

async function prepare() {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 30 });
  const urls = benchUrls(site.origins, 30);
  await writeFile(home.path('all.txt'), `${urls.join('\n')}\n`);
  await writeFile(home.path('ten.txt'), `${urls.slice(0, 10).join('\n')}\n`);
  const run = async (list: string, ...options: readonly string[]) => {
    const ended = await home.crawl('run', list, '--allow-private', '--json', ...options);
    expectExit(ended, 0);
    return parseSummary(ended).runId;
  };
  const runs = async () => {
    const all = parseStatuses(await home.crawl('status', '--json'));
    return all.map(({ runId }) => runId);
  };
  return { home, run, runs };
}

test('a run is deleted with its images, but for those that another run has', {
  timeout: 180_000,
}, async () => {
  const { home, run, runs } = await prepare();
  const first = await run('all.txt', '--out', 'out');
  const refused = await home.crawl('run', 'ten.txt', '--allow-private', '--out', 'out');
  expectExit(refused, 2);
  expect(refused.stdout).toBe('');
  expect(refused.stderr).toBe(
    'crawl: --out: out has the results of an earlier run: choose another folder, or add --overwrite\n',
  );
  const second = await run('ten.txt', '--out', 'out', '--overwrite');
  const other = await run('ten.txt', '--out', 'other');

  const unsure = await home.crawl('delete', first);
  expectExit(unsure, 2);
  expect(unsure.stderr).toBe('crawl: delete: there is no terminal to ask at: add --yes\n');
  expect(await runs()).toEqual([other, second, first]);

  const deleted = await home.crawl('delete', first, '--yes');

  expectExit(deleted, 0);
  expect(deleted.stdout).toContain('deleted 1 run and 20 images; 10 images kept for other runs');
  expect(await runs()).toEqual([other, second]);
  expect(await imagesIn(home, 'out/images')).toBe(10);
  expect(existsSync(home.path('out', 'results.jsonl'))).toBe(true);
  expect(await readdir(home.path('.crawl', 'seeds'))).toEqual(expect.not.arrayContaining([first]));
  expectExit(await home.crawl('results', first), 2);

  expectExit(await home.crawl('report', second), 0);
  expect(existsSync(home.path('out', 'report-pictures', '1.html'))).toBe(true);
  const rest = await home.crawl('delete', second, '--yes');

  expect(rest.stdout).toContain('deleted 1 run and 10 images\n');
  expect(existsSync(home.path('out'))).toBe(false);
  expect(await imagesIn(home, 'other/images')).toBe(10);
});

test('runs of an age are deleted together, and images may be kept', {
  timeout: 180_000,
}, async () => {
  const { home, run, runs } = await prepare();
  await run('ten.txt', '--out', 'out');
  expect((await home.crawl('delete', '--older-than', '1h', '--yes')).stdout).toBe(
    'no runs to delete\n',
  );
  expect(await runs()).toHaveLength(1);

  const deleted = await home.crawl('delete', '--older-than', '0s', '--keep-images', '--yes');

  expect(deleted.stdout).toContain('deleted 1 run; images are kept\n');
  expect(await runs()).toEqual([]);
  expect(await imagesIn(home, 'out/images')).toBe(10);
  expect(existsSync(home.path('out', 'results.jsonl'))).toBe(true);
});

test('at a terminal it asks first', { timeout: 180_000 }, async () => {
  const { home, run, runs } = await prepare();
  const runId = await run('ten.txt', '--out', 'out');
  const answer = async (text: string) => {
    const [stdout, stderr] = [new BufferOutput(), new BufferOutput()];
    const stdin = Object.assign(Readable.from([`${text}\n`]), { isTTY: true });
    const session = { base: home.folder, stdin, stdout, stderr, version: '1.2.3' };
    const code = await main(['delete', runId], session);
    return { code, stdout: stdout.text, stderr: stderr.text };
  };

  const refused = await answer('');
  expectExit(refused, 1);
  expect(refused.stderr).toBe('Delete 1 run? [y/N] ');
  expect(refused.stdout).toContain('nothing was deleted\n');
  expect(await runs()).toEqual([runId]);

  const agreed = await answer('y');
  expectExit(agreed, 0);
  expect(agreed.stdout).toContain('deleted 1 run and 10 images\n');
  expect(await runs()).toEqual([]);
});
