import { statSync } from 'node:fs';
import { fileNameOf } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type {
  EarlierImages,
  ImagePlace,
  ImageStore,
  KeptBytes,
  KeptPicture,
  StoredImage,
} from '../../core/ports/images.ts';
import { imagesFolderOf, linkOnce, writeOnce } from './write-once.ts';

/**
 * Images as plain files below the folder that the run names. A picture that an earlier run has is one
 * more name of the same file: deleting one run leaves it to the other.
 */
export class FileImageStore implements ImageStore, EarlierImages {
  async put(run: Run, image: KeptBytes, roots: readonly string[] = []): Promise<StoredImage> {
    const { bytes, sha256, format } = image;
    const picture = { sha256, format, bytes: bytes.byteLength };
    const root = roots.find((one) => isIn(one, picture));
    if (root === undefined || !link(run, picture, root))
      writeOnce(run, pathIn(imagesFolderOf(run), picture), bytes);
    return placeOf(picture);
  }

  /** Runs keep their images apart. */
  rootOf(run: Run): string {
    return imagesFolderOf(run);
  }

  holds(_run: Run, picture: KeptPicture, root: string): boolean {
    return isIn(root, picture);
  }

  /** Its size is looked at once, under its new name: a short one is written again by whoever downloads it. */
  async adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined> {
    return link(run, picture, root) ? placeOf(picture) : undefined;
  }
}

/** False where it went away a moment ago. */
function link(run: Run, picture: KeptPicture, root: string): boolean {
  const folder = imagesFolderOf(run);
  const [from, path] = [pathIn(root, picture), pathIn(folder, picture)];
  if (path !== from) linkOnce(run, from, path);
  return isIn(folder, picture);
}

function placeOf({ sha256, format }: KeptPicture): ImagePlace {
  return { file: `images/${fileNameOf(sha256, format)}` };
}

function isIn(folder: string, picture: KeptPicture): boolean {
  return statSync(pathIn(folder, picture), { throwIfNoEntry: false })?.size === picture.bytes;
}

function pathIn(folder: string, { sha256, format }: KeptPicture): string {
  return `${folder}/${fileNameOf(sha256, format)}`;
}
