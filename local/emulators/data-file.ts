import { channel } from 'node:diagnostics_channel';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DatabaseSync, openSqlite, type StatementSync } from './sqlite.ts';

/** The file of a data directory that holds its tables and its buckets. */
const FILE = 'data.sqlite';
/** Where earlier versions of this project kept their tables. */
const OLD_LEDGER = join('ledger', 'CURRENT');
/**
 * Of the layout below; it changes with it. Items lie in the order in which they came, with an index
 * of their keys: sorted by the keys themselves, a batch of 25 would write 25 pages and not two.
 */
const VERSION = 1;

/** Tells whoever listens in this process that the disk does not take what is written: a path and a reason. */
const FAULT = channel('image-crawler:data-fault');

/** What the errors of SQLite are, by their codes (sqlite.org/rescode.html). */
const BUSY = 5;
const IO_ERROR = 10;
const FULL = 13;

/**
 * Exclusive, so that no shared memory is needed and nobody else opens it. Of a process that is
 * killed nothing is lost that was answered: it is in the log or in the file. A machine that loses
 * its power may lose the newest writes, never the file (sqlite.org/pragma.html, "synchronous").
 * While the file is made nothing is in it that could be lost, and a disk takes 50 ms to be sure.
 */
const SETTINGS = `
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA cache_size = -8000;
PRAGMA wal_autocheckpoint = 8000;
`;

const LAYOUT = `
CREATE TABLE tables (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, description TEXT NOT NULL);
CREATE TABLE items (
  tbl INTEGER NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL, size INTEGER NOT NULL, item TEXT NOT NULL,
  PRIMARY KEY (tbl, pk, sk)
);
CREATE TABLE buckets (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE objects (
  bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  modified INTEGER NOT NULL, headers TEXT NOT NULL, file TEXT, body BLOB,
  PRIMARY KEY (bucket, key)
);
PRAGMA user_version = ${VERSION};
`;

/** The data directory was written by another version of this project. */
export class DataFormatError extends Error {
  override readonly name = 'DataFormatError';

  constructor(folder: string, version: string) {
    super(
      `${folder} was written by ${version} of this crawler: give --data another folder, or remove it`,
    );
  }
}

/** Another process has the file open. */
export class DataFileBusyError extends Error {
  override readonly name = 'DataFileBusyError';
}

/** The tables and buckets of a data directory, in one file of SQLite. */
export class DataFile {
  readonly folder: string;
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  /** @throws DataFormatError, DataFileBusyError */
  constructor(folder: string) {
    this.folder = folder;
    this.#path = join(folder, FILE);
    if (!existsSync(this.#path) && existsSync(join(folder, OLD_LEDGER)))
      throw new DataFormatError(folder, 'an earlier version');
    mkdirSync(folder, { recursive: true });
    this.#database = openSqlite(this.#path);
    this.#checked(() => this.#prepare());
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#database.prepare('COMMIT');
  }

  #prepare(): void {
    this.#database.exec(SETTINGS);
    const version = this.#database.prepare('PRAGMA user_version').get()?.['user_version'];
    if (version === 0) this.#database.exec(`BEGIN IMMEDIATE; ${LAYOUT} COMMIT;`);
    else if (version !== VERSION) {
      this.#database.close();
      const which = Number(version) > VERSION ? 'a later version' : 'an earlier version';
      throw new DataFormatError(this.folder, which);
    }
    this.#database.exec('PRAGMA synchronous = NORMAL');
  }

  /** Prepares a statement. Reads and writes go through `read` and `write`. */
  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  /** All that a job writes or, where it throws, nothing. */
  write<T>(job: () => T): T {
    return this.#checked(() => {
      this.#begin.run();
      try {
        const result = job();
        this.#commit.run();
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Writes what is left of the log into the file; later calls do nothing. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #checked<T>(job: () => T): T {
    try {
      return job();
    } catch (error) {
      // The code of the error is the last byte of SQLite's extended one.
      const code = sqliteCode(error) & 0xff;
      if (code === BUSY) throw new DataFileBusyError(`${this.#path} is in use`);
      if (code === IO_ERROR || code === FULL)
        FAULT.publish(`${this.#path}: ${error instanceof Error ? error.message : error}`);
      throw error;
    }
  }
}

function sqliteCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error)) return 0;
  return typeof error.errcode === 'number' ? error.errcode : 0;
}
