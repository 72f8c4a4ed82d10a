import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenOnLoopback } from '../../bench/listen-on-loopback.ts';
import { freshHome, type Home } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';

async function everythingIn(home: Home): Promise<readonly string[]> {
  return (await readdir(home.folder, { recursive: true })).toSorted();
}

const FILES: Readonly<Record<string, string | Buffer>> = {
  'good.txt': 'http://127.0.0.1/a.jpg\n',
  'empty.txt': '',
  'bad.txt': 'ftp://127.0.0.1/a.jpg\nwww.example.com/a.jpg\n',
  'picture.txt': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  'no.txt.gz': Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]),
  'list.csv': 'name,image\na,a.jpg\n',
  'list.parquet': Buffer.from('PAR1\0\0\0\0PAR1'),
  'list.jsonl': '{"image":"a.jpg"}\n',
};

const REFUSALS: readonly (readonly [words: string, told: RegExp])[] = [
  ['run missing.txt', /no such file: missing\.txt/],
  ['run empty.txt', /empty\.txt is empty/],
  ['run folder', /folder is a directory/],
  ['run picture.txt', /picture\.txt is binary/],
  ['run bad.txt', /no URL in bad\.txt: line 1: not http or https: ftp:/],
  ['run no.txt.gz', /no\.txt\.gz.*cannot be read/],
  ['run good.txt -', /standard input is empty/],
  ['run ftp://127.0.0.1/a.jpg', /not http or https: ftp:\/\/127\.0\.0\.1\/a\.jpg/],
  ['run list.csv', /list\.csv has no column "url", only "name", "image" .*--column/],
  ['run list.jsonl', /no URL in list\.jsonl: line 1: .*"url" in it, only "image".*--field/],
  ['run list.csv --column name', /no URL in list\.csv: line 2: not a URL: a/],
  ['run list.parquet', /list\.parquet is a damaged Parquet file/],
  ['run good.txt --colour red', /unknown option '--colour'/],
  ['run good.txt --per-host abc', /--per-host: expected a whole number from 1 to 64, got "abc"/],
  ['run good.txt --per-host 0', /--per-host: expected .* from 1 .*, got "0"/],
  ['run good.txt --max-urls -1', /--max-urls: expected .* from 0, got "-1"/],
  ['run good.txt --delay 99999999999999999999', /--delay: expected milliseconds from 0 to /],
  ['run good.txt --workers 65', /--workers: expected a whole number from 1 to 64, got "65"/],
  ['run good.txt --out good.txt/out', /--out: .*good\.txt is not a directory/],
  ['run good.txt --data good.txt/data', /--data: .*good\.txt is not a directory/],
  ['run good.txt --out locked/out', /--out: cannot write to .*locked\/out: permission denied/],
  ['results 2026 --format xml', /'--format <format>'.*'xml' is invalid.*jsonl, csv/],
  ['status 2026', /no run 2026 \(crawl status lists them\)/],
  ['resume 2026', /no run 2026/],
  ['stat', /unknown command 'stat'/],
];

const canWriteAnywhere = process.getuid?.() === 0;

describe('a wrong command is refused in one line, with exit code 2, and leaves nothing', () => {
  const rows = REFUSALS.filter(([words]) => !(canWriteAnywhere && words.includes('locked')));

  test.concurrent.for(rows)('crawl %s', async ([words, told], { onTestFinished, expect }) => {
    const home = await freshHome({ onFinished: onTestFinished });
    for (const [name, content] of Object.entries(FILES)) await writeFile(home.path(name), content);
    await mkdir(home.path('folder'));
    await mkdir(home.path('locked'), { mode: 0o500 });
    const before = await everythingIn(home);

    const ended = await home.crawl(...words.split(' '));

    expectExit(ended, 2);
    expect(ended.stderr).toMatch(/^crawl: [^\n]+\n$/);
    expect(ended.stderr).toMatch(told);
    expect(ended.stdout).toBe('');
    expect(await everythingIn(home)).toEqual(before);
  });
});

describe('a stack that', () => {
  const ACCOUNT = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_MAX_ATTEMPTS: '1',
  };

  async function ask(endpoint: string) {
    const home = await freshHome();
    await writeFile(home.path('good.txt'), 'http://127.0.0.1/a.jpg\n');
    const before = await everythingIn(home);
    const environment = { ...ACCOUNT, AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint };
    const words = ['run', 'good.txt', '--stack', 'Nowhere'];
    const ended = await home.start(words, { environment }).ended;
    expect(await everythingIn(home)).toEqual(before);
    return ended;
  }

  test('is not there is a wrong command', async () => {
    const endpoint = await cloudFormationThatKnowsNothing();
    const ended = await ask(endpoint);
    expectExit(ended, 2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toBe('crawl: --stack: no stack Nowhere in this account and region\n');
  });

  test('cannot be reached is named, and why', async () => {
    const ended = await ask(await closedPort());
    expectExit(ended, 1);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/^crawl: [^\n]*Nowhere[^\n]*connection refused\n$/);
  });
});

/** What CloudFormation says of a stack that is not there. */
const NO_STACK = `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <Error>
    <Type>Sender</Type>
    <Code>ValidationError</Code>
    <Message>Stack with id Nowhere does not exist</Message>
  </Error>
  <RequestId>00000000-0000-0000-0000-000000000000</RequestId>
</ErrorResponse>`;

function cloudFormationThatKnowsNothing(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(400, { 'Content-Type': 'text/xml' }).end(NO_STACK);
  });
  onTestFinished(() => void server.close());
  return listenOnLoopback(server, '127.0.0.1');
}

async function closedPort(): Promise<string> {
  const server = createServer();
  const origin = await listenOnLoopback(server, '127.0.0.1');
  await new Promise((closed) => server.close(closed));
  return origin;
}
