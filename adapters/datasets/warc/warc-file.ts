import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const compress = promisify(gzip);
/** Pictures are compressed already, and heads are small. */
const FAST = { level: constants.Z_BEST_SPEED };

/** Where a record is in its file, in compressed bytes. */
export interface RecordPlace {
  readonly filename: string;
  readonly offset: number;
  readonly length: number;
}

/** A WARC file in which each record is a member of gzip of its own, as readers that seek need it. */
export class WarcFile {
  readonly #file: FileHandle;
  readonly #name: string;
  #offset = 0;

  private constructor(file: FileHandle, name: string) {
    this.#file = file;
    this.#name = name;
  }

  static async create(path: string): Promise<WarcFile> {
    return new WarcFile(await open(path, 'w'), basename(path));
  }

  async add(record: Uint8Array): Promise<RecordPlace> {
    const bytes = await compress(record, FAST);
    const place = { filename: this.#name, offset: this.#offset, length: bytes.length };
    await this.#file.writeFile(bytes);
    this.#offset += bytes.length;
    return place;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
