import { createHash } from 'node:crypto';
import { open as openFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StreamObject } from '../../adapters/aws/open-image.ts';
import { MemberCheck } from '../../adapters/shards/member-check.ts';
import { makeFolder } from '../options/folders.ts';
import { writeWhole } from '../output/write-whole.ts';

/** An object that is to be a file. */
export interface WantedObject {
  /** `s3://` URI. */
  readonly uri: string;
  /** Absolute. */
  readonly path: string;
  /** Of the image that it is; absent where it is a shard. */
  readonly sha256?: string;
}

/** What became of it. */
export type Fetched =
  | { readonly kind: 'fetched'; readonly bytes: number }
  /** The file was there: it got its name when it had been checked. */
  | { readonly kind: 'known' }
  | { readonly kind: 'missing' };

interface Check {
  push(bytes: Uint8Array): void;
  /** Throws where something is wrong. */
  end(): void;
}

/**
 * Downloads an object. It is written to a draft, checked on the way, and renamed when it is complete: a
 * file that exists is correct, so that an interrupted command can be repeated.
 * Rejects where it is damaged, and on errors of AWS and of the disk.
 */
export async function fetchObject(wanted: WantedObject, open: StreamObject): Promise<Fetched> {
  const { uri, path } = wanted;
  const known = await stat(path).catch(() => undefined);
  if (known !== undefined) return { kind: 'known' };
  const object = await open(uri);
  if (object === undefined) return { kind: 'missing' };
  await makeFolder('--out', dirname(path));
  const check = wanted.sha256 === undefined ? new MemberCheck() : hashCheck(wanted.sha256);
  let bytes = 0;
  const checked = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      check.push(chunk);
      yield chunk;
    }
  };
  await writeWhole(path, async (draft) => {
    // Opened before anything is checked: a stream that fails while it opens its file leaves it behind.
    const file = await openFile(draft, 'w');
    await pipeline(object.body, checked, file.createWriteStream());
    if (bytes !== object.length) throw new Error(`${bytes} of ${object.length} bytes have come`);
    check.end();
  });
  return { kind: 'fetched', bytes };
}

function hashCheck(expected: string): Check {
  const hash = createHash('sha256');
  return {
    push: (bytes) => void hash.update(bytes),
    end: () => {
      const sha256 = hash.digest('hex');
      if (sha256 !== expected) throw new Error(`SHA-256 ${sha256}, expected ${expected}`);
    },
  };
}
