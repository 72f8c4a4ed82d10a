import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileNameOf } from '../../contract/image-name.ts';
import { type DataSetLine, hasImage, type ImageLine } from './data-set-line.ts';
import { jsonText } from './json-text.ts';
import type { NameImage } from './names/name-template.ts';
import { UniqueNames } from './names/unique-names.ts';
import { type ReadImage, readImages } from './read-images.ts';
import type { SampleForm } from './sample.ts';

/** Columns that a line of `metadata.jsonl` has besides those of a sample. */
export const FILE_COLUMNS = ['file_name', 'text'] as const;

/** Columns of a sample that it does not have: `text` is the caption, and each line has an image. */
export const ABSENT_COLUMNS: ReadonlySet<string> = new Set(['caption', 'status', 'error_message']);

/** How images are named: under their hash, where one picture is one file, or by a name of their own. */
export type Naming =
  | { readonly kind: 'sha256' }
  | { readonly kind: 'names'; readonly name: NameImage };

/**
 * Writes images below `images/`, and `metadata.jsonl` with a line for each row that has one, as
 * `load_dataset('imagefolder')` reads them: `file_name`, `text` for the caption, and its sample.
 */
export async function writeFiles(
  lines: AsyncIterable<DataSetLine>,
  read: ReadImage,
  folder: string,
  { form, naming }: { readonly form: SampleForm; readonly naming: Naming },
  onRow: () => void = () => {},
): Promise<void> {
  const files = new ImageFolder(join(folder, 'images'));
  const names = new UniqueNames();
  let row = 0;
  const metadata = async function* () {
    for await (const { line, bytes } of readImages(kept(lines), read)) {
      const key = String(row).padStart(9, '0');
      row += 1;
      onRow();
      if (bytes === undefined || !hasImage(line)) continue;
      const name = nameOf(line, key, naming, names);
      await files.write(name, bytes);
      const file = { file_name: `images/${name}`, text: form.captionOf(line) ?? null };
      const columns = Object.entries(form.sampleOf(line, key));
      const sample = Object.fromEntries(columns.filter(([column]) => !ABSENT_COLUMNS.has(column)));
      yield `${jsonText({ ...file, ...sample })}\n`;
    }
  };
  await pipeline(metadata, createWriteStream(join(folder, 'metadata.jsonl')));
}

async function* kept(lines: AsyncIterable<DataSetLine>): AsyncGenerator<DataSetLine> {
  for await (const line of lines) if (hasImage(line)) yield line;
}

function nameOf(line: ImageLine, key: string, naming: Naming, names: UniqueNames): string {
  const { url, storedSha256: sha256 = line.sha256, storedFormat: format = line.format } = line;
  if (naming.kind === 'sha256') return fileNameOf(sha256, format);
  return names.claim(naming.name(line, key), url);
}

/** Writes files into a folder, and makes each folder below it once. */
class ImageFolder {
  readonly #folder: string;
  #made = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.#folder, name);
    const folder = dirname(path);
    if (!this.#made.has(folder)) {
      await mkdir(folder, { recursive: true });
      if (this.#made.size >= MAX_KNOWN_FOLDERS) this.#made = new Set();
      this.#made.add(folder);
    }
    await writeFile(path, bytes);
  }
}

/** Folders that are remembered as made. */
const MAX_KNOWN_FOLDERS = 10_000;
