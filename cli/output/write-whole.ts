import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inChunks } from './in-chunks.ts';

/**
 * Writes a file whole or not at all: `write` is given the path of a draft, which gets the name of the
 * file when it is complete and is removed when something fails.
 */
export async function writeWhole(
  path: string,
  write: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${path}.part`;
  try {
    await write(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Writes texts into a file, as fast as the disk takes them. */
export async function writeTexts(path: string, texts: AsyncIterable<string>): Promise<void> {
  // Opened before the first text: a stream that fails while it opens its file leaves it behind.
  const file = await open(path, 'w');
  await pipeline(Readable.from(inChunks(texts)), file.createWriteStream());
}
