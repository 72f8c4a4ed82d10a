import type { ImageStorage, Run } from '../core/model/run.ts';
import type {
  EarlierImages,
  ImagePlace,
  ImageStore,
  KeptBytes,
  KeptPicture,
  StoredImage,
} from '../core/ports/images.ts';

/** Where a run's images may be. */
export type Storage = 'files' | ImageStorage;

type AnyStore = ImageStore & EarlierImages;

/** Keeps the images of each run where they are to be; a store is made when the first run needs it. */
export class RunImageStore implements ImageStore, EarlierImages {
  readonly #storageOf: (run: Run) => Storage;
  readonly #makers: Readonly<Record<Storage, () => AnyStore>>;
  readonly #stores = new Map<Storage, AnyStore>();

  constructor(storageOf: (run: Run) => Storage, makers: Readonly<Record<Storage, () => AnyStore>>) {
    this.#storageOf = storageOf;
    this.#makers = makers;
  }

  put(run: Run, image: KeptBytes, roots?: readonly string[]): Promise<StoredImage> {
    return this.#storeOf(run).put(run, image, roots);
  }

  rootOf(run: Run): string | undefined {
    return this.#storeOf(run).rootOf(run);
  }

  holds(run: Run, picture: KeptPicture, root: string): boolean {
    return this.#storeOf(run).holds(run, picture, root);
  }

  adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined> {
    return this.#storeOf(run).adopt(run, picture, root);
  }

  hurry(run: Run, isIdle: boolean): void {
    this.#storeOf(run).hurry?.(run, isIdle);
  }

  #storeOf(run: Run): AnyStore {
    const storage = this.#storageOf(run);
    const store = this.#stores.get(storage) ?? this.#makers[storage]();
    this.#stores.set(storage, store);
    return store;
  }
}

/**
 * Where the images of runs are: in the folder that a run names where folders are allowed, otherwise
 * in the bucket, as the run says or as is usual.
 */
export function storageOf(
  allowsFolders: boolean,
  usual: ImageStorage,
): (run: Pick<Run, 'settings'>) => Storage {
  return ({ settings: { imagesFolder, imageStorage } }) => {
    return allowsFolders && imagesFolder !== undefined ? 'files' : (imageStorage ?? usual);
  };
}
