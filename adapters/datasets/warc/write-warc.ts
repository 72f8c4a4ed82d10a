import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Run } from '../../../core/model/run.ts';
import { type DataSetLine, isArchived, isKept, type KeptLine } from '../data-set-line.ts';
import { LineSorter } from '../line-sorter.ts';
import { type OpenedLine, type ReadImage, readImages } from '../read-images.ts';
import { cdxjLine } from './cdxj.ts';
import { exchangeRecords } from './exchange-records.ts';
import { FirstPayloads } from './first-payloads.ts';
import { WarcFile } from './warc-file.ts';
import { recordId, warcRecord } from './warc-record.ts';

/** How an archive is made. */
export interface ArchiveSettings {
  readonly run: Run;
  /** Of the software. */
  readonly version: string;
  /** Images and documents of a file. */
  readonly shardSize: number;
  /** Folder for files that are needed on the way. */
  readonly work: string;
}

/**
 * Writes `00000.warc.gz` and so on with the exchanges of what a run kept, redirects, pages and style
 * sheets among them, in the order of their URLs, and `index.cdxj`. A payload that came before, in
 * this run or in an earlier one, is a revisit record.
 */
export async function writeWarc(
  lines: () => AsyncIterable<DataSetLine>,
  read: ReadImage,
  folder: string,
  settings: ArchiveSettings,
  onRow: () => void = () => {},
): Promise<void> {
  const sorter = new LineSorter(join(settings.work, 'by-url'));
  for await (const line of lines())
    if (isArchived(line)) await sorter.add(line.url, JSON.stringify(line));
  const payloads = await FirstPayloads.among(onePerUrl(sorter));
  const archive = new Archive(folder, settings, payloads);
  for await (const opened of readImages(onePerUrl(sorter), read, isNew)) {
    await archive.add(opened);
    onRow();
  }
  await archive.close();
  await sorter.clear();
}

/** Of a line that an earlier archive has the bytes of, none are written. */
function isNew(line: DataSetLine): line is KeptLine {
  return isKept(line) && line.archived === undefined;
}

/** Rows of a list may share a URL, which was asked for once. */
async function* onePerUrl(sorter: LineSorter): AsyncGenerator<DataSetLine> {
  let last: string | undefined;
  for await (const text of sorter.sorted()) {
    const line: DataSetLine = JSON.parse(text);
    if (line.url !== last) yield line;
    last = line.url;
  }
}

const NO_BYTES = new Uint8Array();

class Archive {
  readonly #folder: string;
  readonly #settings: ArchiveSettings;
  readonly #payloads: FirstPayloads;
  readonly #index: LineSorter;
  #file: WarcFile | undefined;
  #files = 0;
  #inFile = 0;

  constructor(folder: string, settings: ArchiveSettings, payloads: FirstPayloads) {
    this.#folder = folder;
    this.#settings = settings;
    this.#payloads = payloads;
    this.#index = new LineSorter(join(settings.work, 'index'));
  }

  async add({ line, bytes }: OpenedLine): Promise<void> {
    if (!isArchived(line)) return;
    const file = await this.#fileFor();
    for (const { record, entry } of exchangeRecords(line, bytes ?? NO_BYTES, this.#payloads)) {
      const place = await file.add(record);
      if (entry === undefined) continue;
      const text = cdxjLine({ ...entry, ...place });
      await this.#index.add(text, text);
    }
  }

  async close(): Promise<void> {
    await this.#fileFor();
    await this.#file?.close();
    const lines = this.#index.sorted();
    const texts = Readable.from(withLineFeeds(lines));
    await writeFile(join(this.#folder, 'index.cdxj'), texts);
    await this.#index.clear();
  }

  /** The file that has room. */
  async #fileFor(): Promise<WarcFile> {
    if (this.#file !== undefined && this.#inFile < this.#settings.shardSize) {
      this.#inFile += 1;
      return this.#file;
    }
    await this.#file?.close();
    const name = `${String(this.#files).padStart(5, '0')}.warc.gz`;
    this.#file = await WarcFile.create(join(this.#folder, name));
    await this.#file.add(infoRecord(name, this.#settings));
    this.#files += 1;
    this.#inFile = 1;
    return this.#file;
  }
}

async function* withLineFeeds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

/** Says what made the file, and how bodies and secrets are told in it. */
function infoRecord(name: string, { run, version }: ArchiveSettings): Buffer {
  const { runId, startedMs, settings } = run;
  const fields = {
    software: `image-crawler/${version}`,
    format: 'WARC File Format 1.1',
    conformsTo: 'https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/',
    isPartOf: runId,
    robots: settings.ignoreRobots ? 'ignore' : 'obey (RFC 9309)',
    'http-header-user-agent': settings.userAgent,
    description:
      'Bodies are without content and transfer encodings; fields about them are named X-Crawl-*. Values of request fields that may be secret are not recorded.',
  };
  const text = Object.entries(fields).map(([field, value]) => `${field}: ${value}\r\n`);
  return warcRecord({
    type: 'warcinfo',
    id: recordId(`${runId} ${name}`),
    date: new Date(startedMs).toISOString(),
    contentType: 'application/warc-fields',
    fields: [['WARC-Filename', name]],
    block: [Buffer.from(text.join(''))],
  });
}
