import { imageKey } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type { ImageStore, KeptBytes } from '../../core/ports/images.ts';

/** Images in memory, one picture once. */
export class MemoryImageStore implements ImageStore {
  readonly #images = new Map<string, Uint8Array>();

  async put(_run: Run, { bytes, sha256, format }: KeptBytes): Promise<string> {
    const place = `memory://${imageKey(sha256, format)}`;
    this.#images.set(place, Uint8Array.from(bytes));
    return place;
  }

  /** The bytes at a place that `put` gave; undefined when there are none. */
  read(place: string): Uint8Array | undefined {
    return this.#images.get(place);
  }

  /** Pictures kept. */
  get size(): number {
    return this.#images.size;
  }
}
