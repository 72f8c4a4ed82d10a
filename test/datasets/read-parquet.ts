import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';

/** The rows of a Parquet file, as a reader that is not ours sees them. */
export async function readParquet(path: string): Promise<readonly Record<string, unknown>[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(path) });
}

/** Its columns by name and type, and the rows of each row group. */
export async function describeParquet(path: string) {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
  const columns = parquetSchema(metadata).children.map(({ element }) => [
    element.name,
    element.type,
  ]);
  return { columns, groups: metadata.row_groups.map(({ num_rows }) => Number(num_rows)) };
}
