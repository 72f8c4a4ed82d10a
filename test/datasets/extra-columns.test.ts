import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ExtraColumns } from '../../adapters/datasets/extra-columns.ts';
import { SampleForm } from '../../adapters/datasets/sample.ts';
import { stageLines } from '../../adapters/datasets/staged-lines.ts';
import { writeTable } from '../../cli/export/results-table.ts';
import { csvHeader, csvLine, RESULT_FIELDS } from '../../cli/output/result-line.ts';
import { aResult } from '../cli/records.ts';
import { freshFolder } from '../fresh-folder.ts';
import { Kept } from './a-data-set.ts';
import { describeParquet, readParquet } from './read-parquet.ts';

const SCHEMA = z.object({
  label: z.string().optional(),
  score: z.number().optional(),
  faces: z.int().min(0).optional(),
  words: z.number().int().nullable().optional(),
  isDrawing: z.boolean(),
  // A field of results has this name.
  Title: z.string().optional(),
});
const EXTRA = { label: 'a cat', score: 1, faces: 2, isDrawing: false, Title: '=1' };
const COLUMNS = [
  ['label', 'BYTE_ARRAY'],
  ['score', 'DOUBLE'],
  ['faces', 'INT64'],
  ['words', 'INT64'],
  ['isDrawing', 'BOOLEAN'],
  ['Title_of_hook', 'BYTE_ARRAY'],
];

/** A table of an image with such fields, one without, and a list that has a column of the same name. */
async function tableIn(format: 'csv' | 'parquet'): Promise<string> {
  const folder = await freshFolder();
  const kept = new Kept().image('one', { extra: EXTRA, columns: { label: 'listed' } }).failure();
  const path = join(folder, `results.${format}`);
  await writeTable(await stageLines(kept.all(), folder), format, path, SCHEMA);
  return path;
}

describe('fields of hooks', () => {
  it('are columns of a Parquet table, with the types of their schema', async () => {
    const path = await tableIn('parquet');
    const { columns } = await describeParquet(path);
    expect(columns.slice(-7)).toEqual([...COLUMNS, ['label_in_list', 'BYTE_ARRAY']]);
    const [one, two] = await readParquet(path);
    expect(one).toMatchObject({ label: 'a cat', score: 1, faces: 2n, words: null });
    expect(one).toMatchObject({ isDrawing: false, Title_of_hook: '=1', label_in_list: 'listed' });
    expect(two).toMatchObject({ label: null, score: null, isDrawing: null });
  });

  it('are columns of a CSV table', async () => {
    const rows: readonly unknown[] = parse(await readFile(await tableIn('csv'), 'utf8'), {
      columns: true,
    });
    expect(rows[0]).toMatchObject({ label: 'a cat', faces: '2', words: '', isDrawing: 'false' });
    expect(rows[1]).toMatchObject({ label: '', isDrawing: '' });
  });

  it('are columns of the CSV of results', () => {
    const extra = new ExtraColumns(SCHEMA, RESULT_FIELDS);
    const text = csvHeader(extra) + csvLine(aResult({ extra: EXTRA }), extra);
    expect(parse(text, { columns: true })[0]).toMatchObject({ score: '1', Title_of_hook: "'=1" });
  });

  it('are fields of a sample, with columns of their types', () => {
    const form = new SampleForm([], undefined, [], SCHEMA);
    const [line] = new Kept().image('one', { extra: EXTRA }).lines;
    if (line === undefined) throw new Error('a line was expected');
    expect(form.sampleOf(line, '000')).toMatchObject({ label: 'a cat', faces: 2, words: null });
    expect(form.columns.find(({ name }) => name === 'score')).toMatchObject({ type: 'DOUBLE' });
  });

  it('are no columns where the schema takes any', () => {
    const any = z.record(z.string(), z.string());
    expect(new ExtraColumns(any, []).columns).toEqual([]);
  });
});
