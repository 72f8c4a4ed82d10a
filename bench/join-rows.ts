/**
 * `node bench/join-rows.ts [ROWS]`: CPU and memory of joining results with the rows of a list, and of writing them as a
 * table in Parquet, for that many rows (1,000,000 without it) and a quarter of them.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { ResultLine } from '../adapters/aws/run-archive-lines.ts';
import { dataSetLines } from '../adapters/datasets/data-set-line.ts';
import { stageLines } from '../adapters/datasets/staged-lines.ts';
import { ListSource } from '../adapters/seeds/list-source.ts';
import { openFile } from '../adapters/seeds/open-file.ts';
import { writeTable } from '../cli/export/results-table.ts';
import { runLines } from '../cli/run/run-lines.ts';
import { FIRST_CHECKPOINT, type SeedList } from '../core/model/run.ts';

const MEGABYTE = 1024 * 1024;
const [rows = '1000000'] = process.argv.slice(2);

function urlOf(row: number): string {
  return `https://images.example/${row % 500}/picture-${row}.jpg`;
}

function* csvOf(count: number): Generator<string> {
  yield 'url,TEXT,similarity\n';
  for (let row = 0; row < count; row += 1)
    yield `${urlOf(row)},"a caption of the usual length, number ${row} of them",0.${row}\n`;
}

/** Results in another order than the rows. */
async function* resultsOf(count: number): AsyncGenerator<ResultLine> {
  for (let at = 0; at < count; at += 1) {
    const row = (at * 7919) % count;
    yield {
      url: urlOf(row),
      status: 'succeeded',
      reason: null,
      httpStatus: 200,
      contentType: 'image/jpeg',
      format: 'jpeg',
      width: 640,
      height: 480,
      bytes: 40_000 + row,
      sha256: row.toString(16).padStart(64, '0'),
      file: `images/${row.toString(16).padStart(64, '0')}.jpg`,
      attempts: 1,
      durationMs: 12,
      fetchedAt: '2026-11-23T21:45:00.000Z',
    };
  }
}

/** The most memory that was held, looked at ten times a second. */
function watchMemory() {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 100);
  return () => {
    clearInterval(timer);
    return Math.round(most / MEGABYTE);
  };
}

async function measure(what: string, count: number, job: () => Promise<unknown>): Promise<void> {
  const memory = watchMemory();
  const start = process.cpuUsage();
  await job();
  const { user, system } = process.cpuUsage(start);
  const each = (user + system) / count;
  console.log(`${what}: ${count} rows, ${each.toFixed(1)} µs of CPU a row, ${memory()} MB at most`);
}

async function run(count: number, folder: string): Promise<void> {
  const path = join(folder, `list-${count}.csv`);
  await pipeline(Readable.from(csvOf(count)), createWriteStream(path));
  const location = pathToFileURL(path).href;
  const common = { name: 'list', format: 'csv', gzip: false, round: 0 } as const;
  const list: SeedList = { ...common, location, keep: ['TEXT', 'similarity'] };
  const source = new ListSource(openFile);
  const checkpoint = { ...FIRST_CHECKPOINT, targets: count };
  const joined = () =>
    runLines(resultsOf(count), { lists: [list], checkpoint }, source, (lost) => console.log(lost));
  await measure('joined', count, async () => {
    for await (const _ of joined());
  });
  await measure('joined and as a table in Parquet', count, async () => {
    const staged = await stageLines(dataSetLines(joined()), join(folder, 'work'));
    await writeTable(staged, 'parquet', join(folder, 'results.parquet'));
    await staged.clear();
  });
}

const folder = await mkdtemp(join(tmpdir(), 'crawl-join-'));
try {
  for (const count of [Math.round(Number(rows) / 4), Number(rows)]) await run(count, folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
