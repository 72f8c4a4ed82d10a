import type { AsyncBuffer, ColumnMetaData, DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { CODECS } from './codecs.ts';
import { parsersOf } from './values.ts';

/** Bytes that are asked for together. */
const WINDOW_BYTES = 1024 * 1024;
/** Bytes that hold the header of a page, apart from those with long statistics. */
const HEADER_BYTES = 16 * 1024;
/** Most bytes of one page, unpacked. */
const MAX_PAGE_BYTES = 512 * 1024 * 1024;

/** Values of a page, or how many were passed over without unpacking it. */
export type Page =
  | { readonly kind: 'values'; readonly values: DecodedArray }
  | { readonly kind: 'skipped'; readonly rows: number };

/** Pages of a column that is not nested, in one row group: read one after the other, in bounded memory. */
export class ColumnPages {
  readonly #file: AsyncBuffer;
  readonly #decoder: Parameters<typeof readPage>[2];
  readonly #end: number;
  readonly #rows: number;
  #window = new Uint8Array();
  /** Where the window begins in the file. */
  #at: number;
  #dictionary: DecodedArray | undefined;

  constructor(file: AsyncBuffer, metadata: ColumnMetaData, path: SchemaTree[], rows: number) {
    const [, { element } = { element: undefined }] = path;
    if (element === undefined) throw new Error('expected a column below the root of the schema');
    this.#file = file;
    this.#rows = rows;
    const parsers = { ...DEFAULT_PARSERS, ...parsersOf(element) };
    this.#decoder = {
      pathInSchema: metadata.path_in_schema,
      type: metadata.type,
      codec: metadata.codec,
      element,
      schemaPath: path,
      parsers,
      compressors: CODECS,
      utf8: false,
    };
    const first = metadata.dictionary_page_offset || metadata.data_page_offset;
    this.#at = Number(first);
    this.#end = Math.min(file.byteLength, this.#at + Number(metadata.total_compressed_size));
  }

  /** The next page with values; undefined at the end. Of one with at most `skip` rows only their number. */
  async next(skip: number): Promise<Page | undefined> {
    while (this.#at < this.#end) {
      const { header, length } = await this.#header();
      this.#check(header);
      await this.#load(length + header.compressed_page_size);
      const page = this.#read(header, length, skip);
      this.#drop(length + header.compressed_page_size);
      if (page !== undefined) return page;
    }
    return undefined;
  }

  #read(header: PageHeader, offset: number, skip: number): Page | undefined {
    const reader = { view: viewOf(this.#window), offset };
    if (header.type === 'DICTIONARY_PAGE') {
      const { data } = readPage(reader, header, this.#decoder, undefined, undefined, 0);
      if (data !== undefined) this.#dictionary = convert(data, this.#decoder);
      return undefined;
    }
    if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') return undefined;
    const page = readPage(reader, header, this.#decoder, this.#dictionary, undefined, skip);
    if (page.skipped > 0) return { kind: 'skipped', rows: page.skipped };
    return { kind: 'values', values: page.data ?? [] };
  }

  /** A longer header is asked for as a whole window. */
  async #header(): Promise<{ readonly header: PageHeader; readonly length: number }> {
    await this.#load(HEADER_BYTES);
    const short = this.#parseHeader();
    if (short !== undefined) return short;
    await this.#load(WINDOW_BYTES);
    const long = this.#parseHeader();
    if (long === undefined) throw new Error('the header of a page is damaged');
    return long;
  }

  #parseHeader(): { readonly header: PageHeader; readonly length: number } | undefined {
    const reader = { view: viewOf(this.#window), offset: 0 };
    try {
      const header = parquetHeader(reader);
      return { header, length: reader.offset };
    } catch {
      return undefined;
    }
  }

  /** What a header says decides how much is allocated. */
  #check({ compressed_page_size, uncompressed_page_size, ...header }: PageHeader): void {
    const values = header.data_page_header ?? header.data_page_header_v2;
    const isSound =
      compressed_page_size >= 0 &&
      compressed_page_size <= this.#end - this.#at &&
      uncompressed_page_size >= 0 &&
      uncompressed_page_size <= MAX_PAGE_BYTES &&
      (values === undefined || (values.num_values >= 0 && values.num_values <= this.#rows));
    if (!isSound) throw new Error('the header of a page is damaged, or its page is too long');
  }

  /** At least so many bytes of the chunk are in the window, or all that are left. */
  async #load(wanted: number): Promise<void> {
    const loaded = this.#window.length;
    const least = Math.min(wanted, this.#end - this.#at);
    if (loaded >= least) return;
    const until = Math.min(this.#end, this.#at + Math.max(least, loaded + WINDOW_BYTES));
    const more = new Uint8Array(await this.#file.slice(this.#at + loaded, until));
    const joined = new Uint8Array(loaded + more.length);
    joined.set(this.#window);
    joined.set(more, loaded);
    this.#window = joined;
  }

  #drop(length: number): void {
    this.#window = this.#window.subarray(length);
    this.#at += length;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
