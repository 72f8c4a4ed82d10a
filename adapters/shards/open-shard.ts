import type { ShardObjects, UploadedPart } from './shard-objects.ts';
import { HEADER_BYTES, TAR_END, tarMember } from './tar-member.ts';

/** Bytes from which on a part is sent: S3 takes 5 MiB at least, and each part is a request. */
const PART_BYTES = 8 * 1024 * 1024;

interface OpenShardPorts {
  readonly objects: ShardObjects;
  /** Replaces the number of bytes from which on a part is sent. */
  readonly partBytes?: number;
}

/** A tar file that is being written: parts of it are on their way, nothing can be read yet. */
export class OpenShard {
  readonly key: string;
  /** Resolves when all of it can be read; rejects when it never will be. */
  readonly kept: Promise<void>;
  readonly #objects: ShardObjects;
  readonly #partBytes: number;
  readonly #onSent: (bytes: number) => void;
  readonly #outcome = Promise.withResolvers<void>();
  #pieces: Uint8Array[] = [];
  #gathered = 0;
  #length = 0;
  #upload: Promise<string> | undefined;
  readonly #parts: Promise<UploadedPart>[] = [];

  /** `onSent` is told how many bytes are in memory no longer. */
  constructor(
    key: string,
    { objects, partBytes = PART_BYTES }: OpenShardPorts,
    onSent: (bytes: number) => void,
  ) {
    this.key = key;
    this.kept = this.#outcome.promise;
    this.kept.catch(() => {}); // whoever waits for one of its images gets the error
    this.#objects = objects;
    this.#partBytes = partBytes;
    this.#onSent = onSent;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Copies a file to the end; gives where its content begins. */
  add(name: string, content: Uint8Array): number {
    const offset = this.#length + HEADER_BYTES;
    this.#push(tarMember(name, content));
    if (this.#gathered >= this.#partBytes) this.#sendPart();
    return offset;
  }

  /** Nothing more comes: what is left is sent, in one request where it is all. */
  close(): void {
    this.#push(TAR_END);
    const written = this.#upload === undefined ? this.#putWhole() : this.#completeParts();
    written.then(this.#outcome.resolve, this.#outcome.reject);
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#gathered += piece.byteLength;
    this.#length += piece.byteLength;
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#pieces, this.#gathered);
    this.#pieces = [];
    this.#gathered = 0;
    return bytes;
  }

  #sendPart(): void {
    this.#upload ??= this.#objects.begin(this.key);
    const bytes = this.#take();
    const number = this.#parts.length + 1;
    const sent = this.#upload
      .then((id) => this.#objects.putPart(this.key, id, number, bytes))
      .finally(() => this.#onSent(bytes.byteLength));
    sent.catch(() => {}); // #completeParts rejects with it
    this.#parts.push(sent);
  }

  async #putWhole(): Promise<void> {
    const bytes = this.#take();
    await this.#objects.put(this.key, bytes).finally(() => this.#onSent(bytes.byteLength));
  }

  async #completeParts(): Promise<void> {
    this.#sendPart();
    const parts = await Promise.all(this.#parts);
    await this.#objects.complete(this.key, (await this.#upload) ?? '', parts);
  }
}
