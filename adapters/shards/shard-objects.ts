/** A part of an upload that S3 has. */
export interface UploadedPart {
  readonly number: number;
  readonly etag: string | undefined;
  /** As S3 computed it. */
  readonly crc32?: string;
}

/**
 * Objects that nobody reads before they are whole. All methods reject on infrastructure errors; what
 * was begun and never completed is removed by a lifecycle rule of the bucket.
 */
export interface ShardObjects {
  /** The `s3://` URI of a key. */
  uriOf(key: string): string;
  /** Writes a whole object. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Begins an object that comes in parts; gives the id of its upload. */
  begin(key: string): Promise<string>;
  /** Every part but the last one has at least 5 MiB. */
  putPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<UploadedPart>;
  /** Makes an object of all parts: from now on it can be read. */
  complete(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void>;
}
