/** An object of a bucket, as the SDK names it. */
export interface ObjectPlace {
  readonly Bucket: string;
  readonly Key: string;
}

/** The `s3://` URI of an object. */
export function uriOfObject({ Bucket, Key }: ObjectPlace): string {
  return `s3://${Bucket}/${Key}`;
}

/** The object of an `s3://` URI; undefined where it is not one. */
export function objectOf(uri: string): ObjectPlace | undefined {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  return Bucket === undefined || Key === undefined ? undefined : { Bucket, Key };
}
