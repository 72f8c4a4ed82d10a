import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { HOSTILE_BEHAVIOURS } from '../http/hostile-behaviours.ts';
import { HostileSite } from '../http/hostile-site.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { readResults } from './run-output.ts';

const PICTURE = readFileSync('cli/demo/pictures/0.jpg');

test('a run over everything a server can do ends, each URL for its reason', async () => {
  const site = await HostileSite.start(PICTURE);
  onTestFinished(() => site.close());
  const home = await freshHome();
  const urls = HOSTILE_BEHAVIOURS.map(({ name }) => site.url(name));
  await writeFile(home.path('urls.txt'), `${urls.join('\n')}\n`);

  const ended = await home.crawl(
    'run',
    'urls.txt',
    '--out',
    'out',
    '--allow-private',
    '--json',
    '--attempts',
    '1',
    '--timeout',
    '2500',
    '--max-bytes',
    '5000000',
  );

  expectExit(ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  const reasons = new Map(results.map(({ url, reason }) => [url, reason]));
  const told = HOSTILE_BEHAVIOURS.map(({ name }) => [name, reasons.get(site.url(name))]);
  expect(told).toEqual(HOSTILE_BEHAVIOURS.map(({ name, reason }) => [name, reason]));
  const kept = await readdir(home.path('out', 'images'), { recursive: true });
  expect(kept.filter((name) => name.includes('.'))).toHaveLength(1);
});
