import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataSetLine, isAboutImage } from './data-set-line.ts';
import { extensionOf } from './extension-of.ts';
import { jsonText } from './json-text.ts';
import { ParquetTable } from './parquet-table.ts';
import { type OpenedLine, type ReadImage, readImages } from './read-images.ts';
import type { SampleForm } from './sample.ts';
import { ShardStats } from './shard-stats.ts';
import { TarFile } from './tar-file.ts';

/** How shards are made. */
export interface ShardSettings {
  readonly form: SampleForm;
  /** Most images of a shard. */
  readonly shardSize: number;
}

/**
 * Writes shards as img2dataset does: `00000.tar` with `KEY.jpg`, `KEY.json` and `KEY.txt`, beside
 * `00000.parquet` with all rows, those without an image too, and `00000_stats.json`. Keys are the
 * numbers of rows, so that they are sorted and stay the same whatever has an image.
 */
export async function writeWebDataset(
  lines: AsyncIterable<DataSetLine>,
  read: ReadImage,
  folder: string,
  { form, shardSize }: ShardSettings,
  onRow: () => void = () => {},
): Promise<void> {
  let number = 0;
  let shard = new Shard(folder, number, form);
  let row = 0;
  for await (const opened of readImages(aboutImages(lines), read)) {
    if (opened.bytes !== undefined && shard.images === shardSize) {
      await shard.close();
      number += 1;
      shard = new Shard(folder, number, form);
    }
    await shard.add(opened, String(row).padStart(9, '0'));
    row += 1;
    onRow();
  }
  await shard.close();
}

async function* aboutImages(lines: AsyncIterable<DataSetLine>): AsyncGenerator<DataSetLine> {
  for await (const line of lines) if (isAboutImage(line)) yield line;
}

class Shard {
  readonly #form: SampleForm;
  readonly #tar: TarFile;
  readonly #table: ParquetTable;
  readonly #stats = new ShardStats();
  readonly #statsPath: string;
  images = 0;

  constructor(folder: string, number: number, form: SampleForm) {
    const path = join(folder, String(number).padStart(5, '0'));
    this.#form = form;
    this.#tar = new TarFile(`${path}.tar`);
    this.#table = new ParquetTable(`${path}.parquet`, form.columns);
    this.#statsPath = `${path}_stats.json`;
  }

  async add({ line, bytes }: OpenedLine, key: string): Promise<void> {
    const sample = this.#form.sampleOf(line, key);
    this.#stats.add(line);
    await this.#table.add(sample);
    if (bytes === undefined) return;
    this.images += 1;
    await this.#tar.add(`${key}.${extensionOf(line.storedFormat ?? line.format)}`, bytes);
    await this.#tar.add(`${key}.json`, Buffer.from(jsonText(sample)));
    const caption = this.#form.captionOf(line);
    if (caption !== undefined) await this.#tar.add(`${key}.txt`, Buffer.from(caption));
  }

  async close(): Promise<void> {
    await this.#tar.close();
    await this.#table.close();
    await writeFile(this.#statsPath, this.#stats.text());
  }
}
