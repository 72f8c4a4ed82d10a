import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { csvHeader, csvLine, jsonLine } from '../../cli/result-line.ts';
import { writeResultsFile } from '../../cli/results-file.ts';
import type { ResultBody } from '../../contract/items.ts';
import { aResult } from './records.ts';

const WHOLE = aResult({
  ...{ extra: { label: 'cat' }, sha256: 'ab', file: 'images/ab/ab.png', finalUrl: 'http://b/' },
  ...{ httpStatus: 200, contentType: 'image/png', format: 'png', width: 2, height: 3, bytes: 4 },
  ...{ frames: 5, orientation: 6 },
});

test('a line has the fields in their order, and what is kept for ourselves is not in it', () => {
  expect(jsonLine(WHOLE)).toBe(
    '{"url":"http://a.example/1.png","status":"succeeded","reason":null,"finalUrl":"http://b/",' +
      '"httpStatus":200,"contentType":"image/png","format":"png","width":2,"height":3,"frames":5,"orientation":6,"bytes":4,' +
      '"sha256":"ab","file":"images/ab/ab.png","attempts":1,"durationMs":12,' +
      '"fetchedAt":"2026-11-23T21:45:00.000Z","extra":{"label":"cat"}}\n',
  );
});

test('a field that does not apply is absent; a reason is null only when it succeeded', () => {
  const failed = aResult({ status: 'failed', reason: 'timeout', detail: 'after 30 s' });
  expect(Object.keys(JSON.parse(jsonLine(failed)))).toEqual([
    ...['url', 'status', 'reason', 'attempts', 'durationMs', 'fetchedAt', 'detail'],
  ]);
});

test('CSV quotes what would break it', () => {
  const line = csvLine(aResult({ status: 'failed', reason: 'timeout', detail: 'a "b",\nc' }));
  expect(line.endsWith(',"a ""b"",\nc",\n')).toBe(true);
  expect(csvHeader().split(',')).toHaveLength(28);
});

async function* results(...all: readonly ResultBody[]): AsyncGenerator<ResultBody> {
  yield* all;
}

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crawl-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('results.jsonl is written whole, into a folder that it makes', async () => {
  const out = join(await tempFolder(), 'new', 'folder');
  const path = await writeResultsFile(results(WHOLE, aResult({ url: 'http://b/' })), out);
  expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(2);
  expect(await readdir(out)).toEqual(['results.jsonl']);
});

test('files of a run are named from the folder that the results are in', async () => {
  const folder = await tempFolder();
  const stored = aResult({ file: 's3://bucket/images/ab' });
  const out = join(folder, 'again');
  const path = await writeResultsFile(results(WHOLE, stored), out, join(folder, 'first'));
  const files = (await readFile(path, 'utf8')).trim().split('\n');
  expect(files.map((line) => JSON.parse(line).file)).toEqual([
    '../first/images/ab/ab.png',
    's3://bucket/images/ab',
  ]);
});

test('results that cannot be written to their end leave what was there before', async () => {
  const out = await tempFolder();
  const path = await writeResultsFile(results(WHOLE), out);
  const before = await readFile(path, 'utf8');
  async function* broken(): AsyncGenerator<ResultBody> {
    yield aResult({});
    throw new Error('the table is gone');
  }
  await expect(writeResultsFile(broken(), out)).rejects.toThrow('the table is gone');
  expect(await readdir(out)).toEqual(['results.jsonl']);
  expect(await readFile(path, 'utf8')).toBe(before);
});
