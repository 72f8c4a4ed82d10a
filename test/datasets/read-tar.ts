import { readFile } from 'node:fs/promises';
import { unpackTar } from 'modern-tar';

/** A member of an archive, as a reader that is not ours sees it. */
export interface Member {
  readonly name: string;
  readonly bytes: Buffer;
  readonly mtime: number;
}

export async function readTar(path: string): Promise<readonly Member[]> {
  const entries = await unpackTar(await readFile(path));
  return entries.map(({ header, data = new Uint8Array() }) => ({
    name: header.name,
    bytes: Buffer.from(data),
    mtime: header.mtime?.getTime() ?? -1,
  }));
}
