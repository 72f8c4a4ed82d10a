import type * as z from 'zod';
import { extraFields } from '../../core/model/extra-fields.ts';
import type { TableColumn } from './column-types.ts';
import type { DataSetLine } from './data-set-line.ts';
import { ExtraColumns } from './extra-columns.ts';
import { ListColumns } from './list-columns.ts';

/**
 * What is told of each row beside its image, with the names that img2dataset has for it. Nothing
 * of it depends on when or how often something was fetched: a run that was interrupted gives the same.
 */
const FIELDS = [
  { name: 'key', type: 'STRING' },
  { name: 'url', type: 'STRING' },
  { name: 'caption', type: 'STRING' },
  { name: 'status', type: 'STRING' },
  { name: 'error_message', type: 'STRING' },
  { name: 'width', type: 'INT64' },
  { name: 'height', type: 'INT64' },
  { name: 'original_width', type: 'INT64' },
  { name: 'original_height', type: 'INT64' },
  { name: 'sha256', type: 'STRING' },
  { name: 'format', type: 'STRING' },
  { name: 'bytes', type: 'INT64' },
  { name: 'row', type: 'INT64' },
  { name: 'found_as', type: 'STRING' },
  { name: 'found_on', type: 'STRING' },
  { name: 'alt', type: 'STRING' },
  { name: 'title', type: 'STRING' },
  { name: 'rights', type: 'STRING' },
  { name: 'extra', type: 'STRING' },
] as const satisfies readonly TableColumn[];

/** A row as JSON and Parquet tell it. */
export type Sample = Readonly<Record<string, unknown>>;

/** How rows are told: which columns there are, and which of them is the caption. */
export class SampleForm {
  readonly #caption: string | undefined;
  readonly #extra: ExtraColumns;
  readonly #listed: ListColumns;
  /** All columns of a table of rows. */
  readonly columns: readonly TableColumn[];

  /** `own` are names that the table has besides, `extra` are the fields of hooks. */
  constructor(
    listed: readonly TableColumn[],
    caption?: string,
    own: readonly string[] = [],
    extra: z.ZodType = extraFields,
  ) {
    this.#caption = caption;
    const taken = [...FIELDS.map(({ name }) => name), ...own];
    this.#extra = new ExtraColumns(extra, taken);
    const { columns } = this.#extra;
    this.#listed = new ListColumns(listed, [...taken, ...columns.map(({ name }) => name)]);
    this.columns = [...FIELDS, ...columns, ...this.#listed.columns];
  }

  /** The caption of a row: a column of its list by that name, otherwise `alt` or `title`. */
  captionOf({ columns, alt, title }: DataSetLine): string | undefined {
    if (this.#caption === undefined) return undefined;
    if (columns !== undefined && Object.hasOwn(columns, this.#caption)) {
      const value = columns[this.#caption] ?? null;
      return value === null ? undefined : String(value);
    }
    if (this.#caption === 'alt') return alt;
    return this.#caption === 'title' ? title : undefined;
  }

  /** A row under its key: every column in its order, null where it does not apply. */
  sampleOf(line: DataSetLine, key: string): Sample {
    const { width, height, sha256, format, bytes, row, foundAs, foundOn } = line;
    const { alt, title, rights, extra, url, status } = line;
    const isKept = status === 'succeeded';
    const told: Sample = {
      key,
      url,
      caption: this.captionOf(line),
      status: isKept ? 'success' : 'failed_to_download',
      error_message: isKept ? undefined : errorOf(line),
      // What is in the data set: image work may have changed it.
      width: line.storedWidth ?? width,
      height: line.storedHeight ?? height,
      original_width: width,
      original_height: height,
      sha256: line.storedSha256 ?? sha256,
      format: line.storedFormat ?? format,
      bytes: line.storedBytes ?? bytes,
      row,
      found_as: foundAs,
      found_on: foundOn,
      alt,
      title,
      rights,
      extra,
      ...this.#extra.namedValues(extra),
      ...this.#listed.valuesOf(line.columns),
    };
    const all = this.columns.map(({ name }) => [name, told[name] ?? null]);
    return Object.fromEntries(all);
  }
}

/** Why there is no image: the reason, and what the site said. */
function errorOf({ reason, detail }: DataSetLine): string {
  return detail === undefined ? String(reason) : `${reason}: ${detail}`;
}
