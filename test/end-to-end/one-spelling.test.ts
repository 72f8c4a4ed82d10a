import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseSummary, readResults } from './run-output.ts';

test('a URL is asked once, in the first of its spellings, and told by it', async () => {
  const home = await freshHome();
  const site = await startPictureSite({
    pictures: 13,
    answer: (path, response) => path.startsWith('/~') && Boolean(response.writeHead(404).end()),
  });
  const origin = site.origins[0] ?? '';
  const { port } = new URL(origin);
  const lines = [
    `\u{feff}${origin}/img/000000.jpg`,
    `${origin}/img/000000.jpg`,
    `${origin}/img/000000.jpg#top`,
    `HTTP://127.0.0.1:${port}/img/000000.jpg`,
    `http://127.1:${port}/img/000000.jpg`,
    `http://0x7f.0.0.1:${port}/img/000000.jpg#`,
    '',
    `${origin}/img/./000001.png`,
    `  ${origin}/img/../img/000001.png\t`,
    `${origin}/img/%2e%2E/img/%30%30000%31.png`,
    `http:\\\\127.0.0.1:${port}\\img\\000001.png`,
    'not a URL',
    `${origin}/%7euser/%c3%a9`,
    `${origin}/%7Euser/%C3%A9`,
    `${origin}/~user/é`,
    '   ',
    `http://LOCALHOST.:0${port}/img/000002.gif?#x`,
    `http://localhost:${port}/img/000002.gif`,
    `http://localhost:${port}/img/000002.gif?`,
    'ftp://127.0.0.1/a.jpg',
    `${origin}/img/000003.webp?b=2&a=1`,
    `${origin}/img/000003.webp?a=1&b=2`,
    'http://127.0.0.1:80/default-port.jpg',
    'http://127.0.0.1/default-port.jpg',
    `http://user:secret@127.0.0.1:${port}/img/000004.avif`,
  ];
  await writeFile(home.path('list.txt'), lines.join('\r\n'));

  const ended = await home.crawl(
    'run',
    'list.txt',
    '--out',
    'out',
    '--allow-private',
    '--attempts',
    '1',
    '--json',
  );

  const expected = [
    `${origin}/img/000000.jpg`,
    `${origin}/img/000001.png`,
    `${origin}/%7euser/%c3%a9`,
    `http://localhost.:${port}/img/000002.gif?`,
    `${origin}/img/000003.webp?b=2&a=1`,
    `${origin}/img/000003.webp?a=1&b=2`,
  ];
  expectExit(ended, 0);
  expect(site.asked.toSorted()).toEqual(expected.toSorted());
  const results = await readResults(home.path('out', 'results.jsonl'));
  const told = results.map(({ url, foundAs = url }) => [url, foundAs]);
  expect(told.toSorted()).toEqual(
    [
      [`${origin}/img/000000.jpg`, `${origin}/img/000000.jpg`],
      [`${origin}/img/000001.png`, `${origin}/img/./000001.png`],
      [`${origin}/~user/%C3%A9`, `${origin}/%7euser/%c3%a9`],
      [`http://localhost:${port}/img/000002.gif`, lines[16]],
      [`${origin}/img/000003.webp?b=2&a=1`, `${origin}/img/000003.webp?b=2&a=1`],
      [`${origin}/img/000003.webp?a=1&b=2`, `${origin}/img/000003.webp?a=1&b=2`],
      ['http://127.0.0.1/default-port.jpg', 'http://127.0.0.1:80/default-port.jpg'],
    ].toSorted(),
  );
  const rows = await home.crawl('results', parseSummary(ended).runId, '--format', 'csv');
  expect(rows.stdout).toContain(`,http://LOCALHOST.:0${port}/img/000002.gif?#x,`);
  const warned = ended.stderr.split('\n').map((line) => line.trim());
  expect(warned).toEqual(
    expect.arrayContaining([
      '3 lines without a usable URL:',
      'list.txt:12: not a URL: not a URL',
      'list.txt:20: not http or https: ftp://127.0.0.1/a.jpg',
      expect.stringMatching(/^list\.txt:25: credentials .*127\.0\.0\.1/),
    ]),
  );
  expect(ended.stderr).not.toContain('secret');
});
