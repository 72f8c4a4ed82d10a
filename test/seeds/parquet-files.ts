import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

type Options = Parameters<typeof parquetWriteBuffer>[0];

/** A file of these columns. */
export function aParquet(columnData: Options['columnData'], change: Partial<Options> = {}): Buffer {
  const compressors = { GZIP: gzipSync, ZSTD: zstdCompressSync, BROTLI: brotliCompressSync };
  return Buffer.from(parquetWriteBuffer({ columnData, compressors, ...change }));
}

/** The URL of a row, counted from 1. */
export function urlOf(row: number): string {
  return `http://a.test/${row}.jpg`;
}

/** A file with the columns of a list of captioned images, each tenth without a caption. */
export function aCaptionedList(rows: number, change: Partial<Options> = {}): Buffer {
  const numbers = Array.from({ length: rows }, (_, at) => at + 1);
  return aParquet(
    [
      { name: 'SAMPLE_ID', type: 'INT64', data: numbers.map((row) => 2n ** 60n + BigInt(row)) },
      { name: 'URL', type: 'STRING', data: numbers.map(urlOf) },
      { name: 'TEXT', type: 'STRING', data: numbers.map(captionOf) },
      { name: 'LICENSE', type: 'STRING', data: numbers.map((row) => (row % 3 === 0 ? 'by' : '?')) },
      { name: 'similarity', type: 'DOUBLE', data: numbers.map((row) => row / 7) },
    ],
    change,
  );
}

/** Its caption. */
export function captionOf(row: number): string | null {
  return row % 10 === 0 ? null : `Bild ${row}: ä, "quoted"`;
}
