/** A shard as the bucket lists it. */
export interface ListedShard {
  /** `s3://` URI. */
  readonly uri: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** The shards of runs, for whoever tidies them when a run has ended. Rejects on infrastructure errors. */
export interface ShardShelf {
  list(runId: string): AsyncIterable<ListedShard>;
  /** A whole shard. */
  read(uri: string): Promise<Uint8Array>;
  /** Writes an object and gives its URI. */
  write(key: string, bytes: Uint8Array): Promise<string>;
  /** One that is gone is no error. */
  remove(uris: readonly string[]): Promise<void>;
}
