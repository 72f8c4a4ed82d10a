import type { Run } from '../core/model/run.ts';
import type { SideFile, SideFileStore } from '../core/ports/images.ts';
import type { Storage } from './run-image-store.ts';

/** What keeps files beside images: in the folder of a run, or in the bucket. */
export interface SideStoreMakers {
  readonly files: () => SideFileStore;
  readonly bucket: () => SideFileStore;
}

/** Keeps files of each run where its images are; those of shards are single objects. */
export class RunSideStore implements SideFileStore {
  readonly #storageOf: (run: Run) => Storage;
  readonly #makers: SideStoreMakers;
  #files: SideFileStore | undefined;
  #bucket: SideFileStore | undefined;

  constructor(storageOf: (run: Run) => Storage, makers: SideStoreMakers) {
    this.#storageOf = storageOf;
    this.#makers = makers;
  }

  put(run: Run, file: SideFile): Promise<string> {
    return this.#storeOf(run).put(run, file);
  }

  #storeOf(run: Run): SideFileStore {
    if (this.#storageOf(run) === 'files') {
      this.#files ??= this.#makers.files();
      return this.#files;
    }
    this.#bucket ??= this.#makers.bucket();
    return this.#bucket;
  }
}
