import { dirname } from 'node:path';
import { sideFileName } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type { SideFile, SideFileStore } from '../../core/ports/images.ts';
import { imagesFolderOf, writeOnce } from './write-once.ts';

/** Thumbnails and files of hooks as plain files, in folders beside that of the images. */
export class FileSideStore implements SideFileStore {
  async put(run: Run, { folder, sha256, ending, bytes }: SideFile): Promise<string> {
    const name = sideFileName(folder, sha256, ending);
    writeOnce(run, `${dirname(imagesFolderOf(run))}/${name}`, bytes);
    return name;
  }
}
