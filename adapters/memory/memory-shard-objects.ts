import type { ShardObjects, UploadedPart } from '../shards/shard-objects.ts';
import type { ByteRange, ListedObject, ShardShelf } from '../shards/shard-shelf.ts';

const SCHEME = 'memory://';

/** Objects in memory; as in S3, parts can be read only when their object is complete. */
export class MemoryShardObjects implements ShardObjects, ShardShelf {
  readonly #objects = new Map<string, Uint8Array>();
  readonly #uploads = new Map<string, Map<number, Uint8Array>>();

  uriOf(key: string): string {
    return `${SCHEME}${key}`;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#objects.set(this.uriOf(key), bytes);
  }

  async begin(key: string): Promise<string> {
    const id = `${key} ${this.#uploads.size}`;
    this.#uploads.set(id, new Map());
    return id;
  }

  async putPart(
    _key: string,
    uploadId: string,
    number: number,
    bytes: Uint8Array,
  ): Promise<UploadedPart> {
    this.#uploads.get(uploadId)?.set(number, bytes);
    return { number, etag: String(number) };
  }

  async complete(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const upload = this.#uploads.get(uploadId);
    const all = parts.map(({ number }) => upload?.get(number) ?? new Uint8Array());
    await this.put(key, Buffer.concat(all));
  }

  /** Nothing in memory has an age. */
  async *list(prefix: string): AsyncGenerator<ListedObject> {
    for (const uri of [...this.#objects.keys()].sort()) {
      const bytes = this.#objects.get(uri)?.byteLength;
      if (bytes !== undefined && uri.startsWith(this.uriOf(prefix)))
        yield { uri, bytes, modifiedMs: 0 };
    }
  }

  async read(uri: string, range?: ByteRange): Promise<Uint8Array> {
    const bytes = this.#objects.get(uri);
    if (bytes === undefined) throw new Error(`${uri} is not there`);
    return range === undefined ? bytes : bytes.subarray(range.from, range.from + range.bytes);
  }

  async write(key: string, bytes: Uint8Array): Promise<string> {
    await this.put(key, bytes);
    return this.uriOf(key);
  }

  async remove(uris: readonly string[]): Promise<void> {
    for (const uri of uris) this.#objects.delete(uri);
  }

  /** Bytes of an object; undefined where there is none. */
  peek(uri: string): Uint8Array | undefined {
    return this.#objects.get(uri);
  }

  /** The bytes of all objects below a prefix. */
  *below(prefix: string): Generator<Uint8Array> {
    for (const [uri, bytes] of this.#objects) if (uri.startsWith(this.uriOf(prefix))) yield bytes;
  }
}
