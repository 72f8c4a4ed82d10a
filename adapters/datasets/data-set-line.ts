import type { ColumnValue } from '../../core/model/column-value.ts';
import { exactJson } from '../../core/model/exact-json.ts';
import type { ResultLine } from '../aws/run-archive-lines.ts';

/** A value of a column that a list had besides its URLs. */
export type Cell = string | number | boolean | null;

/** A result as data sets take it: one for each row of a list, or for each URL where none has a number. */
export type DataSetLine = Omit<ResultLine, 'columns'> & {
  /** What the list had beside the URL, by the name of the column. */
  readonly columns?: Readonly<Record<string, Cell>>;
};

/** A line whose bytes were kept: an image, or a document of a run that keeps those. */
export type KeptLine = DataSetLine & { readonly file: string; readonly sha256: string };

/** A line of an archive: its bytes were kept, or an earlier archive has them. */
export type ArchiveLine = DataSetLine & { readonly sha256: string };

/** A line whose image was kept. */
export type ImageLine = KeptLine & { readonly format: string };

/** Whether a line is about an image, kept or not; others are pages, style sheets and sitemaps. */
export function isAboutImage({ kind, format, status }: DataSetLine): boolean {
  return kind === undefined || (status === 'succeeded' && isPicture({ kind, format }));
}

/** Whether the image of a line was kept. */
export function hasImage(line: DataSetLine): line is ImageLine {
  const { status, file, sha256 } = line;
  return status === 'succeeded' && file !== undefined && sha256 !== undefined && isPicture(line);
}

/** Whether the bytes of a line were kept. */
export function isKept(line: DataSetLine): line is KeptLine {
  return line.status === 'succeeded' && line.file !== undefined && line.sha256 !== undefined;
}

/** Whether a line belongs into an archive. */
export function isArchived(line: DataSetLine): line is ArchiveLine {
  const { status, sha256, exchanges, archived } = line;
  if (status !== 'succeeded' || sha256 === undefined || exchanges === undefined) return false;
  return isKept(line) || archived !== undefined;
}

/** A link to a picture is a page until its bytes say what it is: pictures have a format. */
function isPicture({ kind, format }: Pick<DataSetLine, 'kind' | 'format'>): boolean {
  return format !== undefined && (kind === undefined || kind === 'page');
}

/** Sorts lines by list, row and URL, whatever the order in which they were settled. */
export function orderOf({
  list = '',
  row,
  url,
}: Pick<DataSetLine, 'list' | 'row' | 'url'>): string {
  return `${row === undefined ? '~' : `${list} ${String(row).padStart(15, '0')}`} ${url}`;
}

/** Results as data sets take them: a table has no nested values and no integers beyond 2^53. */
export async function* dataSetLines(
  results: AsyncIterable<ResultLine>,
): AsyncGenerator<DataSetLine> {
  for await (const { columns, ...line } of results) {
    if (columns === undefined) yield line;
    else yield { ...line, columns: cellsOf(columns) };
  }
}

function cellsOf(columns: Readonly<Record<string, ColumnValue>>): Readonly<Record<string, Cell>> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, cellOf(value)] as const),
  );
}

function cellOf(value: ColumnValue): Cell {
  if (typeof value === 'object' && value !== null) return exactJson(value);
  return typeof value === 'bigint' ? String(value) : value;
}
