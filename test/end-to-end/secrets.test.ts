import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ProxyServer } from '../http/proxy-server.ts';
import { Loopback } from '../http/servers.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { readResults } from './run-output.ts';

const PICTURE = readFileSync('cli/demo/pictures/0.jpg');
const [PASSWORD, TOKEN] = ['proxy-pass-word', 'header-token'];

/** Every file of a folder. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((file) => join(file.parentPath, file.name));
}

test('a run through a proxy sends its headers, and tells nobody what they hold', async () => {
  const loopback = new Loopback();
  onTestFinished(() => loopback.close());
  const tokens: unknown[] = [];
  const { port } = await loopback.http(({ url, headers }, response) => {
    tokens.push([url, headers['authorization']]);
    if (url === '/1.jpg') response.end(PICTURE);
    else response.writeHead(404).end();
  });
  const proxy = await ProxyServer.toPort(port);
  onTestFinished(() => proxy.close());
  const home = await freshHome();
  await writeFile(home.path('urls.txt'), 'http://inside.test/1.jpg\nhttp://inside.test/2.jpg\n');
  await writeFile(home.path('headers.txt'), `inside.test Authorization: Bearer ${TOKEN}\n`);

  const ended = await home.crawl(
    'run',
    'urls.txt',
    '--out',
    'out',
    '--allow-private',
    '--header',
    '@headers.txt',
    '--proxy',
    `http://me:${PASSWORD}@${proxy.authority}`,
  );

  expectExit(ended, 0);
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.map(({ status }) => status).toSorted()).toEqual(['failed', 'succeeded']);
  expect(new Set(proxy.asked)).toEqual(new Set(['inside.test:80']));
  for (const path of ['/robots.txt', '/1.jpg', '/2.jpg'])
    expect(tokens).toContainEqual([path, `Bearer ${TOKEN}`]);

  const [runId = ''] = /\d{8}T\d{6}-\w+/.exec(`${ended.stdout}${ended.stderr}`) ?? [];
  const status = await home.crawl('status', runId, '--json');
  const report = await home.crawl('report', runId, '--out', 'out');
  expectExit(status, 0);
  expectExit(report, 0);
  const told = [ended, status, report].map(({ stdout, stderr }) => `${stdout}${stderr}`);
  const files = [
    ...(await filesIn(home.path('out'))),
    ...(await filesIn(home.path('.crawl', 'logs'))),
  ];
  for (const file of files) told.push(await readFile(file, 'latin1'));
  expect(files.length).toBeGreaterThan(2);
  for (const text of told) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(TOKEN);
  }
});
