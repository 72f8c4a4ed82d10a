import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stageLines } from '../../adapters/datasets/staged-lines.ts';
import { writeDataSet } from '../../cli/export/write-data-set.ts';
import type { KeptExchange } from '../../core/model/result.ts';
import type { OutputSettings } from '../../core/model/run.ts';
import { aRun } from '../cli/records.ts';
import { freshFolder } from '../fresh-folder.ts';
import { aPicture, HOSTILE_TEXTS, Kept } from './a-data-set.ts';

const SCRIPT = fileURLToPath(new URL('read-back.py', import.meta.url));
/** A Python with the packages: `READERS_PYTHON=… npm run test:exhaustive -- test/datasets`. */
const PYTHON = process.env['READERS_PYTHON'] ?? 'python3';
const NAMES = ['baseline.jpg', 'palette.png', 'lossy.webp'] as const;
const SIZE = [61, 47];

function lacks(name: string): boolean {
  const found = spawnSync(PYTHON, ['-c', `import ${name}`], { encoding: 'utf8', timeout: 60_000 });
  if (found.status === 0) return false;
  console.warn(`skipped: ${PYTHON} has no package ${name}; READERS_PYTHON names another Python`);
  return true;
}

/** What a package of Python sees in a folder. */
function readBack(name: string, folder: string): unknown {
  const env = { ...process.env, HF_HUB_OFFLINE: '1', HF_HOME: join(folder, '.home') };
  const { stdout, stderr } = spawnSync(PYTHON, [SCRIPT, name, folder], { encoding: 'utf8', env });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1));
}

/** Rows with pictures, hostile captions, and one that failed. */
async function someRows(): Promise<Kept> {
  const kept = new Kept();
  const pictures = await Promise.all(NAMES.map(aPicture));
  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    const { bytes, fields } = pictures[index % pictures.length] ?? {
      bytes: Buffer.of(),
      fields: {},
    };
    const url = `https://a.example/${index}/con?x=${index}`;
    const exchanges = [anExchange(url)];
    kept.bytes(bytes, { ...fields, url, exchanges, columns: { text, score: index / 2 } });
  }
  return kept.failure({ columns: { text: null, score: 1 } });
}

function anExchange(url: string): KeptExchange {
  const request = `GET /${url.slice(18)} HTTP/1.1\r\nhost: a.example`;
  return { url, at: '2026-11-28T12:00:00.000Z', request, response: 'HTTP/1.1 200 OK' };
}

async function written(format: NonNullable<OutputSettings['format']>) {
  const kept = await someRows();
  const [folder, work] = [await freshFolder(), await freshFolder()];
  const output = { format, caption: 'text', shardSize: 4, names: 'url', croissant: true };
  const run = aRun();
  const staged = await stageLines(kept.all(), work);
  await mkdir(folder, { recursive: true });
  const dataSet = { format, run, output, staged, folder, work, version: '1.2.3' };
  await writeDataSet(dataSet, kept.read, () => {});
  return { folder, kept };
}

const key = (row: number) => String(row).padStart(9, '0');
const texts = HOSTILE_TEXTS.map((text) => text.toWellFormed());

describe.skipIf(lacks('webdataset'))('webdataset', () => {
  it('reads each picture with its caption', { timeout: 120_000 }, async () => {
    const { folder, kept } = await written('webdataset');
    const expected = texts.map((text, row) => [key(row), SIZE, text, kept.lines[row]?.url]);
    expect(readBack('webdataset', folder)).toEqual(expected);
  });
});

describe.skipIf(lacks('pyarrow'))('pyarrow', () => {
  it('reads all rows with their types', { timeout: 120_000 }, async () => {
    const { folder } = await written('webdataset');
    const kept = texts.map((text, row) => [key(row), text, 'success', row + 1, row / 2]);
    const failed = [key(texts.length), null, 'failed_to_download', texts.length + 1, 1];
    expect(readBack('pyarrow', folder)).toEqual([...kept, failed]);
  });
});

describe.skipIf(lacks('datasets'))('load_dataset("imagefolder")', () => {
  it('reads each picture with its caption', { timeout: 240_000 }, async () => {
    const { folder, kept } = await written('files');
    const expected = texts.map((text, row) => [key(row), SIZE, text, kept.lines[row]?.url]);
    expect(readBack('datasets', folder)).toEqual(expected);
  });
});

describe.skipIf(lacks('warcio'))('warcio', () => {
  it('reads all records and finds their digests right', { timeout: 120_000 }, async () => {
    const { folder, kept } = await written('warc');
    const read = readBack('warcio', folder);
    const urls = kept.lines.flatMap(({ url, status }) => (status === 'succeeded' ? [url] : []));
    for (const url of urls) expect(read).toContainEqual(['request', url, 0]);
    const { bytes } = await aPicture('baseline.jpg');
    expect(read).toContainEqual(['response', urls[0], bytes.byteLength]);
    expect(read).toContainEqual(['revisit', urls[3], 0]);
  });
});

describe.skipIf(lacks('mlcroissant'))('mlcroissant', () => {
  it.each(['webdataset', 'files'] as const)('reads the rows of %s', async (format) => {
    const { folder, kept } = await written(format);
    const rows = format === 'files' ? kept.lines.slice(0, -1) : kept.lines;
    // It takes a text of digits in JSON for a number.
    const told = (row: number) => (format === 'files' ? String(row) : key(row));
    expect(readBack('mlcroissant', folder)).toEqual(rows.map(({ url }, row) => [told(row), url]));
  });
});
