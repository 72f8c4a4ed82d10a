import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT } from '../../local/project.ts';
import { runMain } from './run-main.ts';

let base: string;

const manyLines = Array.from({ length: 20_000 }, (_, n) => `http://a.example/${n}-${n * 7919}\n`);

const FILES: Readonly<Record<string, string | Buffer>> = {
  'good.txt': 'http://a.example/1.png\n',
  'empty.txt': '',
  'blank.txt': '\n  \n\n',
  'bad.txt': 'nonsense\nftp://a.example/1\n',
  'binary.txt': Buffer.from([0x89, 0x50, 0, 1, 2]),
  'wide.txt': Buffer.from('http://a.example/1.png', 'utf16le'),
  'list.parquet': Buffer.from(`PAR1${'\0'.repeat(9)}PAR1`),
  'one.json': '{\n  "url": "http://a.example/1.png"\n}\n',
  'other.csv': 'id,Image URL\n1,photo.png\n',
  'bare.csv': 'http://a.example/1.png,cat\n',
  'photos.csv': 'id,Image URL\n1,http://a.example/1.png\n',
  'open-quote.csv': 'id,url\n1,http://a.example/1.png\n2,"http://a.example/2.png\n3,x\n',
  'no-url.csv': 'url,id\n,1\n',
  'other.jsonl': '{"link":"photo.png"}\n',
  'not-gzip.txt.gz': Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9]),
  'cut.txt.gz': gzipSync(manyLines.join('')).subarray(0, 20_000),
};

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'crawl-test-'));
  await mkdir(join(base, 'folder'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(base, name), content);
});

afterAll(() => rm(base, { recursive: true, force: true }));

const REFUSED: readonly (readonly [words: string, message: string])[] = [
  [
    'run good.txt --format tfrecord',
    "option '--format <format>' argument 'tfrecord' is invalid. Allowed choices are files, webdataset, warc.",
  ],
  [
    'run good.txt --format webdataset --shard-size none',
    '--shard-size: expected 1 to 1000000, got "none"',
  ],
  [
    'run good.txt --format files --names {owner}',
    '--names: no field {owner}; there are host, path, name, sha256, format, row, key, columns.NAME',
  ],
  ['run good.txt --croissant', '--croissant: describes a data set, so it needs --format'],
  ['export no-such-run --format files', 'no run no-such-run (crawl status lists them)'],
  ['run missing.txt', 'no such file: missing.txt'],
  ['run a.example/1.png', 'no such file: a.example/1.png (a URL begins with https://)'],
  ['run folder', 'folder is a directory, not a list of URLs'],
  ['run empty.txt', 'empty.txt is empty'],
  ['run blank.txt', 'no URL in blank.txt'],
  ['run bad.txt', 'no URL in bad.txt: line 1: not a URL: nonsense'],
  ['run good.txt bad.txt', 'no URL in bad.txt: line 1: not a URL: nonsense'],
  ['run binary.txt', 'binary.txt is binary, not a list of URLs: a byte of it is 0'],
  ['run wide.txt', 'wide.txt is binary, or UTF-16 or UTF-32 without its mark: save it as UTF-8'],
  ['run list.parquet', 'list.parquet is a damaged Parquet file: its bytes make no sense'],
  [
    'run one.json',
    'one.json is one JSON object over several lines, not a list: give its array, jq .images list.json | crawl run -, or one object a line, jq -c',
  ],
  [
    'run not-gzip.txt.gz',
    'no URL in not-gzip.txt.gz: line 1: the rest cannot be read: unknown compression method',
  ],
  ['run cut.txt.gz', 'cut.txt.gz cannot be read to its end: unexpected end of file'],
  [
    'run other.csv',
    'other.csv has no column "url", only "id", "Image URL" (choose one with --column)',
  ],
  ['run other.csv --column x', 'other.csv has no column "x", only "id", "Image URL"'],
  ['run photos.csv --column x', 'photos.csv has no column "x", only "id", "Image URL"'],
  ['run photos.csv --column 3', 'photos.csv has no column "3", only "id", "Image URL"'],
  [
    'run bare.csv --column url',
    'bare.csv has no header, so no column "url": give its number, --column 1 to 2',
  ],
  [
    'run open-quote.csv',
    'open-quote.csv cannot be read to its end: a quote of the row after line 2 is not closed',
  ],
  ['run no-url.csv', 'no URL in no-url.csv: line 2: no "url" in the row'],
  [
    'run other.jsonl',
    'no URL in other.jsonl: line 1: no text "url" in it, only "link": {"link":"photo.png"} (choose the field with --field, as in image.src)',
  ],
  ['run good.txt --column url', '--column: none of the sources is a table with a column "url"'],
  ['run good.txt --field url', '--field: none of the sources is JSON'],
  ['run photos.csv --field url', '--field: none of the sources is JSON'],
  ['run ftp://a.example/1', 'not http or https: ftp://a.example/1'],
  ['results run-1 --url nonsense', '--url: not a URL: nonsense'],
  ['run http://', 'not a URL: http://'],
  ['run - -', 'standard input (-) can be given once'],
  ['run -', 'standard input is empty'],
  ['run good.txt --out good.txt', '--out: BASE/good.txt is not a directory'],
  ['run good.txt --out good.txt/a', '--out: BASE/good.txt is not a directory'],
  ['run good.txt --data good.txt', '--data: BASE/good.txt is not a directory'],
  [
    'run good.txt --delay abc',
    '--delay: expected milliseconds from 0 to 30000, or a time like 10s or 2m, got "abc"',
  ],
  ['run good.txt --attempts 0', '--attempts: expected a whole number from 1 to 10, got "0"'],
  [
    'run good.txt --timeout 1e3',
    '--timeout: expected milliseconds from 1 to 120000, or a time like 10s or 2m, got "1e3"',
  ],
  [
    'run good.txt --timeout 3m',
    '--timeout: expected milliseconds from 1 to 120000, or a time like 10s or 2m, got "3m"',
  ],
  [
    'run good.txt --max-bytes 5XB',
    '--max-bytes: expected bytes from 1 to 500000000, or a size like 5MB or 1GiB, got "5XB"',
  ],
  [
    'run good.txt --max-pixels 0',
    '--max-pixels: expected pixels from 1 to 10000000000, or a number like 250MP, got "0"',
  ],
  ['run good.txt --min-width x', '--min-width: expected a whole number from 0 to 1000000, got "x"'],
  [
    'run good.txt --min-bytes 5MB --max-bytes 1MB',
    '--min-bytes: expected at most --max-bytes, which is 1000000',
  ],
  ['run good.txt --max-urls -1', '--max-urls: expected a whole number from 0, got "-1"'],
  ['run good.txt --workers 0', '--workers: expected a whole number from 1 to 64, got "0"'],
  ['run good.txt --user-agent ü', '--user-agent: expected printable ASCII'],
  ['run', "missing required argument 'source'"],
  [
    'run good.txt --stack X --workers 2',
    "option '--workers <n>' cannot be used with option '--stack <name>'",
  ],
  ['run good.txt --delya 1', "unknown option '--delya' (did you mean --delay?)"],
  ['rnu good.txt', "unknown command 'rnu' (did you mean run?)"],
  [
    'results x --format xml',
    "option '--format <format>' argument 'xml' is invalid. Allowed choices are jsonl, csv.",
  ],
  ['status x', 'no run x (crawl status lists them)'],
  ['results x', 'no run x (crawl status lists them)'],
  ['resume x', 'no run x (crawl status lists them)'],
  ['retry x', 'no run x (crawl status lists them)'],
  ['report x', 'no run x (crawl status lists them)'],
  ['cancel x', 'no run x (crawl status lists them)'],
];

const EMPTY: readonly (readonly [flag: string, expected: string])[] = [
  ['--out', 'a folder'],
  ['--data', 'a folder'],
  ['--stack', 'the name of a stack'],
];

describe('a command that is wrong ends with exit code 2 and one line', () => {
  test.each(EMPTY)('crawl run with an empty %s', async (flag, expected) => {
    const ran = await runMain(base, ['run', 'good.txt', flag, '']);
    const stderr = `crawl: ${flag}: expected ${expected}, got ""\n`;
    expect(ran).toEqual({ exitCode: 2, stdout: '', stderr });
  });

  test.each(REFUSED)('crawl %s', async (words, message) => {
    const ran = await runMain(base, words.split(' '));
    expect(ran).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `crawl: ${message.replace('BASE', base)}\n`,
    });
  });

  test('a CSV that breaks further on is refused, not left to the seeder', async () => {
    const { exitCode, stderr } = await runMain(base, ['run', 'open-quote.csv']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^crawl: open-quote\.csv cannot be read to its end: .*\n$/);
  });

  test('every number that is wrong is told, each on a line', async () => {
    const words = ['run', 'good.txt', '--delay', 'x', '--attempts', 'y', '--per-host', '99'];
    const { stderr } = await runMain(base, words);
    expect(stderr.trim().split('\n')).toHaveLength(3);
  });

  test('nothing is left behind', async () => {
    await runMain(base, ['run', 'bad.txt']);
    await runMain(base, ['run', 'good.txt', 'missing.txt']);
    await runMain(base, ['run', '-'], 'no url here');
    const names = await readdir(base);
    expect(names.toSorted()).toEqual([...Object.keys(FILES), 'folder'].toSorted());
  });
});

describe('without an error', () => {
  test('help is for standard output', async () => {
    const { exitCode, stdout, stderr } = await runMain(base, ['help', 'run']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`$ npm run -s --prefix ${resolve(PROJECT)} crawl -- run list.txt`);
  });

  test.each(['demo', 'run', 'status', 'results', 'resume', 'retry', 'cancel', 'report'])(
    '%s --help shows examples',
    async (name) => {
      const { exitCode, stdout } = await runMain(base, [name, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}\$ npm run -s --prefix \S+ crawl -- /);
    },
  );

  test('the version is printed', async () => {
    expect(await runMain(base, ['--version'])).toEqual({
      exitCode: 0,
      stdout: '1.2.3\n',
      stderr: '',
    });
  });

  test('without a command the help goes to standard error', async () => {
    const { exitCode, stdout, stderr } = await runMain(base, []);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: crawl');
  });

  test('status of a folder where nothing ever ran makes no folder', async () => {
    const { exitCode, stdout } = await runMain(base, ['status', '--json']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '[]\n' });
    expect(await readdir(base)).not.toContain('.crawl');
  });
});
