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

  async put(_run: Run, image: KeptBytes): Promise<StoredImage> {
    const file = placeOf(image);
    this.#images.set(file, Uint8Array.from(image.bytes));
    return { file };
  }

  rootOf(): string {
    return ROOT;
  }

  holds(_run: Run, picture: KeptPicture, root: string): boolean {
    return root === ROOT && picture.part === undefined && this.#images.has(placeOf(picture));
  }

  async adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined> {
    return this.holds(run, picture, root) ? { file: placeOf(picture) } : undefined;
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

function placeOf({ sha256, format }: Pick<KeptPicture, 'sha256' | 'format'>): string {
  return `${ROOT}${imageKey(sha256, format)}`;
}
