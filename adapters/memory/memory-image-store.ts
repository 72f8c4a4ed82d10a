import { imageKey } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type {
  EarlierImages,
  ImagePlace,
  ImageStore,
  KeptBytes,
  KeptPicture,
  StoredImage,
} from '../../core/ports/images.ts';

const ROOT = 'memory://';

/** Images in memory, one picture once. */
export class MemoryImageStore implements ImageStore, EarlierImages {
  readonly #images = new Map<string, Uint8Array>();

  async put(_run: Run, { bytes, sha256, format }: KeptBytes): Promise<StoredImage> {
    const place = `${ROOT}${imageKey(sha256, format)}`;
    this.#images.set(place, Uint8Array.from(bytes));
    return { file: place };
  }

  rootOf(): string {
    return ROOT;
  }

  holds(_run: Run, { sha256, format }: KeptPicture, root: string): boolean {
    return root === ROOT && this.#images.has(`${ROOT}${imageKey(sha256, format)}`);
  }

  async adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined> {
    if (!this.holds(run, picture, root)) return undefined;
    return { file: `${ROOT}${imageKey(picture.sha256, picture.format)}` };
  }

  /** As somebody does who deletes a picture by hand. */
  delete(place: string): void {
    this.#images.delete(place);
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
