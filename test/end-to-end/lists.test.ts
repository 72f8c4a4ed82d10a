import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { benchUrls } from '../../bench/bench-urls.ts';
import { freshHome } from './crawl-process.ts';
import { expectExit } from './expect-exit.ts';
import { startPictureSite } from './picture-site.ts';
import { parseResults, parseSummary, readResults, tally } from './run-output.ts';

const RUN = ['--out', 'out', '--allow-private', '--json'];

test('lists of every kind, packed or not, make one run; --strict tells of a failure', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 26 });
  const [origin = ''] = site.origins;
  const urls = benchUrls([origin], 26);
  const [first = '', second = ''] = urls.slice(24);
  const missing = `${origin}/a%20%22quoted%22,%20missing.jpg`;
  const some = (from: number) => urls.slice(from, from + 4);
  const csv = (list: readonly string[]) =>
    `id,Image,note\r\n${list.map((url, n) => `${n},${url},"two\nlines, ""quoted"""\r\n`).join('')}`;
  const jsonl = (list: readonly string[]) =>
    list.map((url) => `${JSON.stringify({ deep: {}, src: url })}\n`).join('');
  const text = (list: readonly string[]) => list.join('\n');
  await writeFile(home.path('a.csv'), csv(some(0)));
  await writeFile(home.path('b.csv.gz'), gzipSync(csv(some(4))));
  await writeFile(home.path('c.jsonl'), jsonl(some(8)));
  await writeFile(home.path('d.jsonl.gz'), gzipSync(jsonl(some(12))));
  await writeFile(home.path('e.txt'), text([...some(16), missing]));
  await writeFile(home.path('f.txt.gz'), gzipSync(text(some(20))));
  const sources = ['a.csv', 'b.csv.gz', 'c.jsonl', 'd.jsonl.gz', 'e.txt', 'f.txt.gz'];
  const flags = ['--column', 'image', '--field', 'src', '--strict', ...RUN];

  const ended = await home.crawl('run', first, ...sources, second, ...flags);

  expectExit(ended, 3);
  const results = await readResults(home.path('out', 'results.jsonl'));
  const canonical = new URL(missing).href;
  expect(results.map(({ url }) => url).toSorted()).toEqual([...urls, canonical].toSorted());
  expect(tally(results)).toEqual({ succeeded: 26, 'not-found': 1 });
  expect(site.asked).toHaveLength(27);
  const { runId, ...summary } = parseSummary(ended);
  expect(summary).toMatchObject({ targets: 27, succeeded: 26, failed: 1, skipped: 0 });

  const printed = await home.crawl('results', runId);
  expect(parseResults(printed.stdout)).toEqual(results);
  const failed = await home.crawl('results', runId, '--status', 'failed');
  expect(parseResults(failed.stdout)).toMatchObject([{ url: canonical }]);
  const one = await home.crawl('results', runId, '--url', missing);
  expect(parseResults(one.stdout)).toEqual(parseResults(failed.stdout));
  const none = await home.crawl('results', runId, '--url', `${missing}-not`);
  expectExit(none, 1);
  expect(none.stdout).toBe('');
  expect(none.stderr).toContain(`has no result of ${canonical}-not so far`);
  const asCsv = await home.crawl('results', runId, '--format', 'csv');
  const rows: readonly Record<string, string>[] = parse(asCsv.stdout, { columns: true });
  expect(rows.map(filled)).toEqual(results.map(filled));

  const report = await home.crawl('report', runId);
  expectExit(report, 0);
  expect(report.stdout).toBe('out/report.html\n');
  const page = await readFile(home.path('out', 'report.html'), 'utf8');
  const gallery = await readFile(home.path('out', 'report-pictures', '1.html'), 'utf8');
  const pictures = [...gallery.matchAll(/<img src="\.\.\/([^"]+)"/g)].map(([, file]) => file);
  expect(pictures.toSorted()).toEqual(results.flatMap(({ file }) => file ?? []).toSorted());
  expect(page).toContain('not-found: 1 URL');
});

test('standard input is a list; --max-urls ends it', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 40 });
  const urls = benchUrls(site.origins, 40);
  // What repeats or is no URL does not count.
  const input = [...urls.slice(0, 10), ...urls.slice(0, 5), 'no URL', ...urls.slice(10)].join('\n');

  const ended = await home.start(['run', '-', '--max-urls', '25', ...RUN], { input }).ended;

  expectExit(ended, 0);
  expect(site.asked.toSorted()).toEqual(urls.slice(0, 25).toSorted());
  expect(parseSummary(ended)).toMatchObject({ targets: 25, succeeded: 25 });
  expect(ended.stderr).toContain('standard input:16: not a URL: no URL');
});

test('every line that gives no URL is in unusable.jsonl, and no wrong URL is asked', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 4 });
  const [first = '', ...urls] = benchUrls(site.origins, 4);
  const bad = Array.from({ length: 120 }, (_, at) => `${first} caption ${at} \u001b[2J`);
  const lines = ['# mine', first, ...bad, '', urls.join(' '), `${first}\tA cat`];
  await writeFile(home.path('list.txt'), lines.join('\r\n'));

  const ended = await home.crawl('run', 'list.txt', ...RUN);

  expectExit(ended, 0);
  expect(site.asked.toSorted()).toEqual([first, ...urls].toSorted());
  const { runId, ...summary } = parseSummary(ended);
  expect(summary).toMatchObject({ targets: 4, succeeded: 4, unusableLines: 120 });
  expect(ended.stderr).toContain('120 lines without a usable URL');
  expect(ended.stderr).toContain('… and 20 more, all of them in out/unusable.jsonl\n');
  expect(ended.stderr).toMatch(/unusable +out\/unusable\.jsonl\n/);
  const file = await readFile(home.path('out', 'unusable.jsonl'), 'utf8');
  expect(file).not.toContain('\u001b');
  const told = file.trimEnd().split('\n');
  const problem = 'a space in it: write %20, or a TAB before text that is not part of the URL';
  const expected = bad.map((text, at) => ({ list: 'list.txt', line: at + 3, problem, text }));
  expect(told.map((line) => JSON.parse(line))).toEqual(expected);
  expect((await home.crawl('results', runId, '--unusable')).stdout).toBe(file);
  const status = await home.crawl('status', runId);
  expect(status.stdout).toMatch(/100 more, all of them in .*\bresults \S+ .*--unusable\n/);
});

test('a table without a column "url" says which is read', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 3 });
  const urls = benchUrls(site.origins, 3);
  const rows = urls.map((url, at) => `${at};"A ""cat""\r\nof two lines";${url};${url}?small`);
  await writeFile(home.path('a.csv'), ['id;title;image;thumb', ...rows].join('\r\n'));

  const ended = await home.crawl('run', 'a.csv', ...RUN);

  expectExit(ended, 0);
  expect(ended.stderr).toContain(
    'a.csv: URLs are read from column "image", not from "thumb" (choose with --column)\n',
  );
  expect(site.asked.toSorted()).toEqual(urls.toSorted());
});

test('--per-host bounds what one host is asked at once, and uses it', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 240, slowMs: 10 });
  await writeFile(home.path('urls.txt'), benchUrls(site.origins, 240).join('\n'));

  const ended = await home.crawl('run', 'urls.txt', '--per-host', '3', '--workers', '4', ...RUN);

  expectExit(ended, 0);
  expect(parseSummary(ended)).toMatchObject({ targets: 240, succeeded: 240 });
  expect(site.maxSimultaneous).toBe(3);
});

test('--delay keeps requests to one host apart, and others do not wait for it', async () => {
  const home = await freshHome();
  const site = await startPictureSite({ pictures: 24, hosts: 2 });
  await writeFile(home.path('urls.txt'), benchUrls(site.origins, 24).join('\n'));

  const ended = await home.crawl('run', 'urls.txt', '--delay', '100', ...RUN);

  expectExit(ended, 0);
  expect(parseSummary(ended)).toMatchObject({ targets: 24, succeeded: 24 });
  const spans = site.origins.map((origin) => spanOf(site.seen, origin));
  // Eleven delays; one at either end may be cut short by a busy machine.
  for (const { fromMs, toMs } of spans) expect(toMs - fromMs).toBeGreaterThan(1000);
  const lastStart = Math.max(...spans.map(({ fromMs }) => fromMs));
  expect(lastStart).toBeLessThan(Math.min(...spans.map(({ toMs }) => toMs)));
});

function spanOf(seen: readonly { readonly url: string; readonly atMs: number }[], origin: string) {
  const times = seen.filter(({ url }) => url.startsWith(`${origin}/`)).map(({ atMs }) => atMs);
  return { fromMs: Math.min(...times), toMs: Math.max(...times) };
}

/** The fields that say something, as texts: a CSV has no other. */
function filled(row: object): Readonly<Record<string, string>> {
  const fields = Object.entries(row).map(([name, value]) => [name, String(value ?? '')]);
  return Object.fromEntries(fields.filter(([, value]) => value !== ''));
}
