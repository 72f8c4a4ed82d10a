import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, openSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AwsError } from '../aws-error.ts';
import type { DataFile } from '../data-file.ts';
import type { StatementSync } from '../sqlite.ts';

/** What is known of an object besides its bytes. */
export interface ObjectHead {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Headers that it was put with and is answered with. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes that were kept and belong to no object yet: in memory where they are few. */
export interface KeptBytes {
  readonly size: number;
  readonly md5: string;
  readonly body?: Buffer;
  /** Name of a file. */
  readonly file?: string;
}

/** Larger bodies are files of their own, in bytes. */
const MAX_INLINE = 64 * 1024;
const FOLDER = 'objects';
/** Below it are the parts of uploads; those that are there at the start are of a process that was killed. */
const PARTS = 'parts';

/** Objects: small ones in the file of a data directory, others as files beside it. */
export class ObjectStore {
  readonly #file: DataFile;
  readonly #folder: string;
  readonly #select: StatementSync;
  readonly #body: StatementSync;
  readonly #buckets: Set<string>;

  constructor(file: DataFile) {
    this.#file = file;
    this.#folder = join(file.folder, FOLDER);
    rmSync(join(this.#folder, PARTS), { recursive: true, force: true });
    this.#select = file.prepare(
      'SELECT size, etag, modified, headers, file FROM objects WHERE bucket = ? AND key = ?',
    );
    this.#body = file.prepare('SELECT body FROM objects WHERE bucket = ? AND key = ?');
    const names = file.prepare('SELECT name FROM buckets').all();
    this.#buckets = new Set(names.map(({ name }) => String(name)));
  }

  /** One that is there already is no error in the region that is spoken of here. */
  createBucket(name: string): void {
    if (this.#buckets.has(name)) return;
    const insert = this.#file.prepare('INSERT INTO buckets VALUES (?)');
    this.#file.write(() => insert.run(name));
    this.#buckets.add(name);
  }

  /** @throws AwsError when there is none */
  mustHave(bucket: string): void {
    if (!this.#buckets.has(bucket))
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  }

  find(bucket: string, key: string): ObjectHead | undefined {
    const row = this.#select.get(bucket, key);
    if (row === undefined) return undefined;
    const headers: Record<string, string> = JSON.parse(String(row['headers']));
    const { size, etag, modified } = row;
    return {
      bucket,
      key,
      size: Number(size),
      etag: String(etag),
      modified: Number(modified),
      headers,
    };
  }

  /** Bytes of an object, from one place to another, both counted. What it was at the call is read to its end. */
  read({ bucket, key, size }: ObjectHead, start = 0, end = size - 1): Readable {
    const file = this.#select.get(bucket, key)?.['file'];
    if (typeof file === 'string') {
      if (end < start) return Readable.from([]);
      const fd = openSync(join(this.#folder, file), 'r');
      return createReadStream('', { fd, start, end });
    }
    const body = this.#body.get(bucket, key)?.['body'];
    const bytes =
      body instanceof Uint8Array
        ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
        : Buffer.alloc(0);
    return Readable.from([bytes.subarray(start, end + 1)], { objectMode: false });
  }

  /** Keeps bytes of an object that comes in parts: they are gone when this process ends. */
  keepPart(source: AsyncIterable<Buffer>): Promise<KeptBytes> {
    return this.keep(source, PARTS);
  }

  /** Keeps bytes as they come, never all of a large body at once. */
  async keep(source: AsyncIterable<Buffer>, below = ''): Promise<KeptBytes> {
    const md5 = createHash('md5');
    const chunks: Buffer[] = [];
    let size = 0;
    let written: { readonly name: string; readonly handle: FileHandle } | undefined;
    try {
      for await (const bytes of source) {
        md5.update(bytes);
        size += bytes.length;
        if (written === undefined) {
          chunks.push(bytes);
          if (size <= MAX_INLINE) continue;
          written = await this.#newFile(below);
          for (const chunk of chunks.splice(0)) await written.handle.writeFile(chunk);
        } else await written.handle.writeFile(bytes);
      }
    } catch (error) {
      await written?.handle.close();
      if (written !== undefined) this.drop({ file: written.name });
      throw error;
    }
    await written?.handle.close();
    const kept = { size, md5: md5.digest('hex') };
    return written === undefined
      ? { ...kept, body: Buffer.concat(chunks) }
      : { ...kept, file: written.name };
  }

  async #newFile(below: string) {
    mkdirSync(join(this.#folder, below), { recursive: true });
    const name = join(below, randomUUID());
    return { name, handle: await open(join(this.#folder, name), 'wx') };
  }

  /** Bytes that were kept, again. */
  async *bytesOf({ body, file }: KeptBytes): AsyncGenerator<Buffer> {
    if (body !== undefined) yield body;
    if (file === undefined) return;
    for await (const bytes of createReadStream(join(this.#folder, file))) {
      if (Buffer.isBuffer(bytes)) yield bytes;
    }
  }

  /** Makes an object of kept bytes, instead of the one that has its key. */
  put({ bucket, key, size, etag, modified, headers }: ObjectHead, { body, file }: KeptBytes): void {
    const before = this.#fileOf(bucket, key);
    const insert = this.#file.prepare(
      'INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#file.write(() =>
      insert.run(
        bucket,
        key,
        size,
        etag,
        modified,
        JSON.stringify(headers),
        file ?? null,
        body ?? null,
      ),
    );
    this.drop({ file: before });
  }

  delete(bucket: string, key: string): void {
    const before = this.#fileOf(bucket, key);
    const remove = this.#file.prepare('DELETE FROM objects WHERE bucket = ? AND key = ?');
    this.#file.write(() => remove.run(bucket, key));
    this.drop({ file: before });
  }

  #fileOf(bucket: string, key: string): string | undefined {
    const file = this.#select.get(bucket, key)?.['file'];
    return typeof file === 'string' ? file : undefined;
  }

  /** Removes bytes that no object will have. */
  drop({ file }: Pick<KeptBytes, 'file'>): void {
    if (file !== undefined) rmSync(join(this.#folder, file), { force: true });
  }

  /** Objects whose keys begin so and come after another key, in order. */
  *list(bucket: string, prefix: string, after: string): Generator<Omit<ObjectHead, 'headers'>> {
    const select = this.#file.prepare(
      'SELECT key, size, etag, modified FROM objects WHERE bucket = ? AND key >= ? AND key > ? ORDER BY key',
    );
    for (const { key, size, etag, modified } of select.iterate(bucket, prefix, after)) {
      const name = String(key);
      if (!name.startsWith(prefix)) return;
      yield {
        bucket,
        key: name,
        size: Number(size),
        etag: String(etag),
        modified: Number(modified),
      };
    }
  }
}
