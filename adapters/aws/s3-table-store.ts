import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ResultFields } from '../../core/model/result.ts';
import { ParquetTable } from '../datasets/parquet-table.ts';
import { SETTLED_COLUMNS, settledRow } from '../datasets/result-columns.ts';
import type { TableStore } from '../finish/ended-run.ts';
import type { UploadedPart } from '../shards/shard-objects.ts';
import { S3ShardObjects } from './s3-shard-objects.ts';

/** As the registry of media types names Parquet. */
const PARQUET = 'application/vnd.apache.parquet';
/** Bytes of a part. */
const PART_BYTES = 16 * 1024 * 1024;

/** Tables of results as Parquet in a bucket: each in a file of this machine first, and then in parts. */
export class S3TableStore implements TableStore {
  readonly #objects: S3ShardObjects;
  readonly #partBytes: number;

  /** The number of bytes of a part is replaced by tests. */
  constructor(s3: S3Client, bucket: string, partBytes = PART_BYTES) {
    this.#objects = new S3ShardObjects(s3, bucket, PARQUET);
    this.#partBytes = partBytes;
  }

  async write(key: string, rows: AsyncIterable<Partial<ResultFields>>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'crawl-table-'));
    try {
      const path = join(folder, 'table');
      const table = new ParquetTable(path, SETTLED_COLUMNS);
      for await (const row of rows) await table.add(settledRow(row));
      await table.close();
      await this.#upload(key, path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #upload(key: string, path: string): Promise<void> {
    await using file = await open(path);
    const { size } = await file.stat();
    const read = async (from: number) => {
      const bytes = Buffer.alloc(Math.min(this.#partBytes, size - from));
      await file.read(bytes, 0, bytes.length, from);
      return bytes;
    };
    if (size <= this.#partBytes) return this.#objects.put(key, await read(0));
    const id = await this.#objects.begin(key);
    const parts: UploadedPart[] = [];
    for (let from = 0; from < size; from += this.#partBytes)
      parts.push(await this.#objects.putPart(key, id, parts.length + 1, await read(from)));
    await this.#objects.complete(key, id, parts);
  }
}
