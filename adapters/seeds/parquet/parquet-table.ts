import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { BrokenListError } from '../list-head.ts';
import { WatchedBytes } from './watched-bytes.ts';

/** A Parquet file that can be read. */
export interface ParquetTable {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** Its columns, in their order. */
  readonly columns: readonly SchemaTree[];
  readonly rows: number;
}

/** Signs at the begin and the end of a file: with plain text, and with an encrypted footer. */
const PLAIN = 'PAR1';
const ENCRYPTED = 'PARE';
/** The two signs and the length of the footer. */
const LEAST_BYTES = 12;
const IS_ENCRYPTED = 'is an encrypted Parquet file, which is not read: write it without encryption';

/** Whether a list begins as Parquet does. */
export function isParquet(head: Buffer): boolean {
  const sign = head.toString('latin1', 0, PLAIN.length);
  return sign === PLAIN || sign === ENCRYPTED;
}

/** Reads the footer. @throws BrokenListError that says what the file is instead, as in "is cut" */
export async function openParquet(file: AsyncBuffer): Promise<ParquetTable> {
  const end = await file.slice(Math.max(0, file.byteLength - PLAIN.length), file.byteLength);
  const sign = Buffer.from(end).toString('latin1');
  if (sign === ENCRYPTED) throw new BrokenListError(IS_ENCRYPTED);
  if (sign !== PLAIN || file.byteLength < LEAST_BYTES)
    throw new BrokenListError('is a Parquet file that is cut: its footer is not there');
  const table = await readFooter(file);
  const chunks = table.metadata.row_groups.flatMap(({ columns }) => columns);
  if (chunks.some((chunk) => chunk.crypto_metadata || chunk.encrypted_column_metadata))
    throw new BrokenListError(IS_ENCRYPTED);
  if (chunks.some((chunk) => chunk.file_path))
    throw new BrokenListError('is a Parquet file whose columns are in other files');
  if (table.rows === 0) throw new BrokenListError('is a Parquet file without rows');
  return table;
}

async function readFooter(file: AsyncBuffer): Promise<ParquetTable> {
  const watched = new WatchedBytes(file);
  try {
    const metadata = await parquetMetadataAsync(watched, { geoparquet: false });
    const columns = parquetSchema(metadata).children;
    return { file, metadata, columns, rows: countRows(metadata) };
  } catch (error) {
    throw new BrokenListError(`is a damaged Parquet file: ${watched.problemOf(error)}`);
  }
}

function countRows({ row_groups }: FileMetaData): number {
  return row_groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
}
