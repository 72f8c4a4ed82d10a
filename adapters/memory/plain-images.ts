import { sideFileName } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type { OnImage, OnPage } from '../../core/ports/hooks.ts';
import type { WorkImage } from '../../core/ports/image-work.ts';
import type { SideFile, SideFileStore } from '../../core/ports/images.ts';

/** Files beside images in memory. */
export class MemorySideStore implements SideFileStore {
  readonly #files = new Map<string, Uint8Array>();

  async put(_run: Run, { folder, sha256, ending, bytes }: SideFile): Promise<string> {
    const place = `memory://${sideFileName(folder, sha256, ending)}`;
    this.#files.set(place, Uint8Array.from(bytes));
    return place;
  }

  /** The bytes at a place that `put` gave; undefined when there are none. */
  read(place: string): Uint8Array | undefined {
    return this.#files.get(place);
  }
}

const keepImage: OnImage = async () => ({ kind: 'keep' });
const keepPage: OnPage = async () => ({ kind: 'keep' });
const refuse: WorkImage = async () => {
  throw new Error('no image work was planned');
};

/** Ports of a worker that stores images as they come: image work is an error, the hooks keep everything. */
export const PLAIN_IMAGES = {
  workImage: refuse,
  onImage: keepImage,
  onPage: keepPage,
  sideFiles: new MemorySideStore(),
};
