/** An object as the bucket lists it. */
export interface ListedObject {
  /** `s3://` URI. */
  readonly uri: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** A part of an object. */
export interface ByteRange {
  readonly from: number;
  /** At least one; what is behind the end is left out. */
  readonly bytes: number;
}

/** The objects of a bucket, for whoever finishes runs that have ended. Rejects on infrastructure errors. */
export interface ShardShelf {
  /** The `s3://` URI of a key. */
  uriOf(key: string): string;
  /** In the order of their keys. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** A whole object, or a part of it. */
  read(uri: string, range?: ByteRange): Promise<Uint8Array>;
  /** Writes an object and gives its URI. */
  write(key: string, bytes: Uint8Array): Promise<string>;
  /** One that is gone is no error. */
  remove(uris: readonly string[]): Promise<void>;
}
