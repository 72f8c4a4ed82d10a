import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { listenOnLoopback } from '../../../bench/listen-on-loopback.ts';
import { stampPicture } from '../../../bench/stamp-picture.ts';
import { freshHome, type Home } from '../crawl-process.ts';
import { expectExit } from '../expect-exit.ts';
import { parseStatuses, readResults } from '../run-output.ts';
import { waitUntil } from '../wait-until.ts';

const IMAGES = 200;

/** Pictures with ETags that take a while; counts what is asked for, and on which condition. */
async function startSite() {
  const picture = await readFile('cli/demo/pictures/0.jpg');
  const asked: { readonly path: string; readonly isConditional: boolean }[] = [];
  const server = createServer(async ({ url = '', headers }, response) => {
    if (url === '/robots.txt') return response.writeHead(404).end();
    asked.push({ path: url, isConditional: headers['if-none-match'] !== undefined });
    await sleep(20);
    const etag = `"${url}"`;
    if (headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end();
    const bytes = stampPicture('jpg', picture, Buffer.from(url));
    response.writeHead(200, { etag, 'content-type': 'image/jpeg' }).end(bytes);
  });
  const origin = await listenOnLoopback(server, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, origin };
}

test('a second run that is killed goes on, and asks only on conditions', {
  timeout: 240_000,
}, async () => {
  const home = await freshHome();
  const { asked, origin } = await startSite();
  const urls = Array.from({ length: IMAGES }, (_, at) => `${origin}/${at}.jpg`);
  await writeFile(home.path('list.txt'), `${urls.join('\n')}\n`);
  const run = (out: string) => ['run', 'list.txt', '--out', out, '--allow-private', '--rate', '0'];
  expectExit(await home.crawl(...run('first')), 0);
  const first = await newestRun(home);
  expect(asked.splice(0)).toHaveLength(IMAGES);

  const killed = home.start([...run('second'), '--refresh']);
  await waitUntil('half of it is asked', () => asked.length > IMAGES / 2 || killed.hasEnded());
  killed.kill('SIGKILL');
  await killed.ended;
  const second = await newestRun(home);
  expectExit(await home.crawl('resume', second, '--allow-private'), 0);

  expect(asked.splice(0).filter(({ isConditional }) => !isConditional)).toEqual([]);
  const results = await readResults(home.path('second', 'results.jsonl'));
  expect(new Set(results.map(({ url }) => url)).size).toBe(IMAGES);
  for (const { file = '', sha256, ...result } of results) {
    expect(result).toMatchObject({ unchanged: true, keptIn: first });
    expect(file).toContain(sha256);
    await readFile(home.path('second', file));
  }

  const diff = await home.crawl('diff', first, second);
  expect(diff.stdout).toMatch(new RegExp(`unchanged +${IMAGES}\\n`));
  expectExit(await home.crawl('delete', first, '--yes'), 0);
  for (const { file = '' } of results) await readFile(home.path('second', file));
  expectExit(await home.crawl(...run('third'), '--only-new'), 0);
  expect(asked).toEqual([]);
  const third = await readResults(home.path('third', 'results.jsonl'));
  expect(new Set(third.map(({ reason }) => reason))).toEqual(new Set(['known']));
  for (const { file = '' } of third) await readFile(home.path('third', file));
});

async function newestRun(home: Home): Promise<string> {
  const [newest] = parseStatuses(await home.crawl('status', '--json'));
  return newest?.runId ?? 'none';
}
