import { AwsError } from '../aws-error.ts';
import type { DataFile } from '../data-file.ts';
import { type Fields, isFields } from '../fields.ts';
import type { StatementSync } from '../sqlite.ts';
import { invalid } from './invalid.ts';
import { readSchema, type StoredKey, type TableSchema, tableName } from './table-schema.ts';
import { type Item, sizedItem } from './values.ts';

/** An item as the file has it. */
export interface StoredItem extends StoredKey {
  /** As DynamoDB counts it, in bytes. */
  readonly size: number;
  /** The item as JSON. */
  readonly json: string;
}

/** Keys of one partition, in the order of its sort keys. */
export interface KeyRange {
  readonly pk: string;
  /** Between these, which both count where `isOpen` does not say otherwise. */
  readonly low: string;
  readonly high?: string;
  readonly lowIsOpen: boolean;
  readonly highIsOpen: boolean;
  readonly isReversed: boolean;
}

/** Largest item, in bytes. */
const MAX_ITEM_BYTES = 400 * 1024;

const COLUMNS = 'pk, sk, size, item';

/** Tables and their items, in the file of the data directory. */
export class ItemStore {
  readonly #file: DataFile;
  readonly #get: StatementSync;
  readonly #size: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #ranges = new Map<string, StatementSync>();
  readonly #tables = new Map<string, TableSchema>();

  constructor(file: DataFile) {
    this.#file = file;
    this.#get = file.prepare('SELECT size, item FROM items WHERE tbl = ? AND pk = ? AND sk = ?');
    this.#size = file.prepare('SELECT size FROM items WHERE tbl = ? AND pk = ? AND sk = ?');
    this.#put = file.prepare(
      'INSERT INTO items VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET size = excluded.size, item = excluded.item',
    );
    this.#delete = file.prepare('DELETE FROM items WHERE tbl = ? AND pk = ? AND sk = ?');
    for (const { id, description } of file.prepare('SELECT id, description FROM tables').all()) {
      this.#remember(Number(id), JSON.parse(String(description)));
    }
    for (const one of [this.#get, this.#size]) one.setReturnArrays(true);
  }

  #remember(id: number, description: Fields): TableSchema {
    const table = readSchema(id, description);
    this.#tables.set(table.name, table);
    return table;
  }

  /** @throws AwsError when there is one of that name, or the description is wrong */
  createTable(description: Fields): TableSchema {
    const { name } = readSchema(0, description);
    if (this.#tables.has(name))
      throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
    const insert = this.#file.prepare('INSERT INTO tables (name, description) VALUES (?, ?)');
    const { lastInsertRowid } = this.#file.write(() =>
      insert.run(name, JSON.stringify(description)),
    );
    return this.#remember(Number(lastInsertRowid), description);
  }

  /** @throws AwsError when there is none; `name` may be its ARN */
  table(name: string): TableSchema {
    const short = name.startsWith('arn:') ? name.slice(name.lastIndexOf('/') + 1) : name;
    const table = this.#tables.get(short);
    if (table !== undefined) return table;
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${tableName(short)} not found`,
    );
  }

  get({ id }: TableSchema, { pk, sk }: StoredKey): StoredItem | undefined {
    const row: unknown = this.#get.get(id, pk, sk);
    if (!Array.isArray(row)) return undefined;
    return { pk, sk, size: Number(row[0]), json: String(row[1]) };
  }

  /** The size of an item, in bytes; 0 where there is none. */
  sizeOf({ id }: TableSchema, { pk, sk }: StoredKey): number {
    const row: unknown = this.#size.get(id, pk, sk);
    return Array.isArray(row) ? Number(row[0]) : 0;
  }

  put({ id }: TableSchema, { pk, sk, size, json }: StoredItem): void {
    this.#put.run(id, pk, sk, size, json);
  }

  delete({ id }: TableSchema, { pk, sk }: StoredKey): void {
    this.#delete.run(id, pk, sk);
  }

  /** All or nothing. */
  write<T>(job: () => T): T {
    return this.#file.write(job);
  }

  /** Items of a partition, in order. */
  range({ id }: TableSchema, { pk, low, high, ...how }: KeyRange): Iterable<StoredItem> {
    const conditions = ['tbl = ?', 'pk = ?', `sk ${how.lowIsOpen ? '>' : '>='} ?`];
    if (high !== undefined) conditions.push(`sk ${how.highIsOpen ? '<' : '<='} ?`);
    const order = how.isReversed ? 'sk DESC' : 'sk';
    const bounds = high === undefined ? [low] : [low, high];
    return this.#rows(`${conditions.join(' AND ')} ORDER BY ${order}`, id, pk, ...bounds);
  }

  /** All items of a table that come after a key, or all. */
  all({ id }: TableSchema, after: StoredKey = { pk: '', sk: '' }): Iterable<StoredItem> {
    const { pk, sk } = after;
    return this.#rows('tbl = ? AND (pk, sk) > (?, ?) ORDER BY pk, sk', id, pk, sk);
  }

  *#rows(where: string, ...values: readonly (string | number)[]): Generator<StoredItem> {
    const known = this.#ranges.get(where);
    // One that is in use has a reader that waits for the next row.
    const statement = known ?? this.#file.prepare(`SELECT ${COLUMNS} FROM items WHERE ${where}`);
    this.#ranges.delete(where);
    statement.setReturnArrays(true);
    try {
      for (const row of statement.iterate(...values)) {
        if (!Array.isArray(row)) continue;
        const [pk, sk, size, json] = row;
        yield { pk: String(pk), sk: String(sk), size: Number(size), json: String(json) };
      }
    } finally {
      this.#ranges.set(where, statement);
    }
  }
}

/** An item that was read back. */
export function itemOf({ json }: StoredItem): Item {
  const item: unknown = JSON.parse(json);
  return isStored(item) ? item : {};
}

/** What is in the file was looked at before it was written. */
function isStored(value: unknown): value is Item {
  return isFields(value);
}

/** What is written of an item of that size, which is found out where it is not given. @throws AwsError when it is too large */
export function toStore(key: StoredKey, item: Item, size = sizedItem(item).size): StoredItem {
  if (size > MAX_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
  return { pk: key.pk, sk: key.sk, size, json: JSON.stringify(item) };
}
