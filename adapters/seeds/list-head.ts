import type { SeedList } from '../../core/model/run.ts';
import { decodedBytes } from './decoded-bytes.ts';
import type { OpenList } from './open-list.ts';

/** Bytes of a list that tell its format. */
const HEAD_BYTES = 256 * 1024;

/** The beginning of a list, unpacked. */
export interface ListHead {
  readonly bytes: Buffer;
  /** Whether it is the whole list. */
  readonly whole: boolean;
  /** Length of the whole list as it lies there, in bytes. */
  readonly size: number;
}

/** Reads the beginning of a list; of one that is broken inside, up to there. Throws when it is gone. */
export async function readHead(
  open: OpenList,
  { location, gzip }: Pick<SeedList, 'location' | 'gzip'>,
): Promise<ListHead> {
  const { bytes, size } = await open(location, 0);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of decodedBytes(bytes, { gzip })) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= HEAD_BYTES) return { bytes: Buffer.concat(chunks), whole: false, size };
    }
    return { bytes: Buffer.concat(chunks), whole: true, size };
  } catch (error) {
    if (!isBrokenList(error)) throw error;
    return { bytes: Buffer.concat(chunks), whole: false, size };
  } finally {
    bytes.destroy();
  }
}

/** Codes of zlib and of the CSV parser: the fault is the text's, not the reader's. */
export function isBrokenList(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_|CSV_|LIST_)/.test(code);
}

/** What a list is broken by where no library says so. */
export class BrokenListError extends Error {
  readonly code = 'LIST_BROKEN';
}
