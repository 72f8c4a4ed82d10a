import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { pack } from 'tar-stream';

/** Bytes that wait for the disk. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** The same for every member, so that the same content makes the same bytes: no owner, readable by all, of 1970. */
const SAME = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) };

/** A tar archive (USTAR) that is being written. */
export class TarFile {
  readonly #pack = pack({ highWaterMark: HIGH_WATER_BYTES });
  readonly #written: Promise<void>;

  constructor(path: string) {
    const file = createWriteStream(path, { highWaterMark: HIGH_WATER_BYTES });
    this.#pack.pipe(file);
    this.#written = finished(file);
    this.#written.catch(() => {}); // add and close reject with it
  }

  /** Adds a member, and waits as long as the disk is behind. Rejects when it cannot be written. */
  async add(name: string, bytes: Uint8Array): Promise<void> {
    const taken = new Promise<void>((resolve, reject) => {
      const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#pack.entry({ ...SAME, name, size: content.length }, content, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    // Where the disk is full the pack never takes the member.
    await Promise.race([taken, this.#written]);
  }

  /** Writes the end of the archive; resolves when all of it is written. */
  async close(): Promise<void> {
    this.#pack.finalize();
    await this.#written;
  }
}
