import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { aParquet } from '../seeds/parquet-files.ts';
import { freshHome } from './crawl-process.ts';
import { startPictureSite } from './picture-site.ts';
import { parseSummary, readResults, tally } from './run-output.ts';

test('a Parquet list of captioned images is crawled; each row has its result and its columns', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 12 });
  const urls = benchUrls(site.origins, 12);
  const [first = '', second = ''] = urls;
  // The first picture is in three rows, the last one is not what it was.
  const rows = [...urls, first, second, first].map((url, at) => ({
    url,
    text: `caption ${at + 1}`,
  }));
  const long = 'x'.repeat(1024 * 1024);
  const md5 = 'f'.repeat(32);
  await writeFile(
    home.path('laion.parquet'),
    aParquet(
      [
        {
          name: 'SAMPLE_ID',
          type: 'INT64',
          data: rows.map((_, at) => 2n ** 62n + BigInt(at)),
        },
        { name: 'URL', type: 'STRING', data: rows.map(({ url }) => url) },
        {
          name: 'TEXT',
          type: 'STRING',
          data: rows.map(({ text }, at) => (at === 4 ? long : text)),
        },
        { name: 'WIDTH', type: 'INT32', data: rows.map((_, at) => 100 + at) },
        { name: 'similarity', type: 'DOUBLE', data: rows.map((_, at) => at / 7) },
        { name: 'md5', type: 'STRING', data: rows.map((_, at) => (at === 11 ? md5 : '')) },
      ],
      { rowGroupSize: 4 },
    ),
  );
  const flags = ['--keep', 'TEXT,SAMPLE_ID', '--keep', 'similarity', '--hash-column', 'md5'];

  const ended = await home.crawl(
    'run',
    'laion.parquet',
    ...flags,
    '--out',
    'out',
    '--allow-private',
    '--json',
  );

  expect(ended).toMatchObject({ code: 0 });
  const { runId, ...summary } = parseSummary(ended);
  expect(summary).toMatchObject({ targets: 12, succeeded: 11, failed: 1 });
  const results = await readResults(home.path('out', 'results.jsonl'));
  expect(results.map(({ url, row }) => ({ url, row }))).toEqual(
    rows.map(({ url }, at) => ({ url, row: at + 1 })),
  );
  expect(results.map(({ columns }) => columns?.['TEXT'])).toEqual(
    rows.map(({ text }, at) => (at === 4 ? long : text)),
  );
  expect(tally(results)).toEqual({ succeeded: 14, 'hash-mismatch': 1 });
  const wrong = results.find(({ reason }) => reason === 'hash-mismatch');
  const picture = await fetch(wrong?.url ?? '');
  const bytes = Buffer.from(await picture.arrayBuffer());
  const found = (name: string) => createHash(name).update(bytes).digest('hex');
  expect(wrong).toMatchObject({
    expectedHash: md5,
    sha256: found('sha256'),
    detail: `MD5 is ${found('md5')}, the list gives ${md5}`,
  });
  const text = await readFile(home.path('out', 'results.jsonl'), 'utf8');
  expect(text).toContain(`"SAMPLE_ID":${2n ** 62n + 7n},"similarity":1}`);
  const asCsv = await home.crawl('results', runId, '--format', 'csv', '--url', first);
  const told: readonly Record<string, string>[] = parse(asCsv.stdout, { columns: true });
  expect(told.map(({ row, columns = '' }) => [row, JSON.parse(columns)['TEXT']])).toEqual([
    ['1', 'caption 1'],
    ['13', 'caption 13'],
    ['15', 'caption 15'],
  ]);
});
