import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import { systemMessage } from '../system-error.ts';
import type { ListFile } from './list-file.ts';

/** The column to read when none is named. */
const DEFAULT_COLUMN = 'url';
/** Longest header that is read, in bytes. */
const MAX_HEADER_BYTES = 64 * 1024;

/** The column that holds the URL, as its header spells it. @throws CommandError with the columns */
export async function findColumn(list: ListFile, wanted = DEFAULT_COLUMN): Promise<string> {
  const columns = await readHeader(list);
  const same = (column: string) => column.trim().toLowerCase() === wanted.trim().toLowerCase();
  const found = columns.find((column) => column === wanted) ?? columns.find(same);
  if (found !== undefined) return found;
  const names = columns.map((column) => `"${column}"`).join(', ');
  const advice = wanted === DEFAULT_COLUMN ? ' (choose one with --column)' : '';
  throw new CommandError(`${list.name} has no column "${wanted}", only ${names}${advice}`);
}

async function readHeader({ name, path, gzip }: ListFile): Promise<readonly string[]> {
  const bytes = createReadStream(path);
  const plain: Readable = gzip ? pipeline(bytes, createGunzip(), toldByReading) : bytes;
  const options = { bom: true, to: 1, relax_quotes: true, max_record_size: MAX_HEADER_BYTES };
  const parser = plain.pipe(parse({ ...options, skip_empty_lines: true }));
  plain.on('error', (error) => parser.destroy(error));
  try {
    for await (const record of parser) return z.array(z.string()).parse(record);
    return [];
  } catch (error) {
    throw new CommandError(`cannot read the header of ${name}: ${systemMessage(error)}`);
  } finally {
    bytes.destroy();
  }
}

/** Whoever reads the end of a pipeline meets its error; the pipeline itself has nobody to tell. */
function toldByReading(): void {}
