import { writeCroissant } from '../../adapters/datasets/croissant/write-croissant.ts';
import { extensionOf } from '../../adapters/datasets/extension-of.ts';
import { readTemplate } from '../../adapters/datasets/names/name-template.ts';
import { urlName } from '../../adapters/datasets/names/url-name.ts';
import type { ReadImage } from '../../adapters/datasets/read-images.ts';
import { SampleForm } from '../../adapters/datasets/sample.ts';
import type { StagedLines } from '../../adapters/datasets/staged-lines.ts';
import { writeWarc } from '../../adapters/datasets/warc/write-warc.ts';
import { FILE_COLUMNS, type Naming, writeFiles } from '../../adapters/datasets/write-files.ts';
import { writeWebDataset } from '../../adapters/datasets/write-webdataset.ts';
import type { OutputSettings, Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';

export type Format = NonNullable<OutputSettings['format']>;

/** A data set that is being written. */
export interface DataSet {
  readonly format: Format;
  readonly run: Run;
  readonly output: OutputSettings;
  readonly staged: StagedLines;
  /** Where its files go. */
  readonly folder: string;
  /** Where files go that are needed on the way. */
  readonly work: string;
  /** Of the command. */
  readonly version: string;
}

/** Writes the files of a data set, its description last. @throws CommandError */
export async function writeDataSet(
  dataSet: DataSet,
  read: ReadImage,
  onRow: () => void,
): Promise<void> {
  const { output, staged, folder, run, version } = dataSet;
  const form = await writeFormat(dataSet, read, onRow);
  if (!output.croissant) return;
  const { format } = dataSet;
  const { columns } = form;
  const { counts } = staged;
  await writeCroissant({ folder, format, run, counts, columns, version });
}

async function writeFormat(
  { format, run, output, staged, folder, work, version }: DataSet,
  read: ReadImage,
  onRow: () => void,
): Promise<SampleForm> {
  const { caption, shardSize, names } = output;
  switch (format) {
    case 'webdataset': {
      const form = new SampleForm(staged.columns, caption);
      await writeWebDataset(staged.lines(), read, folder, { form, shardSize }, onRow);
      return form;
    }
    case 'files': {
      const form = new SampleForm(staged.columns, caption, FILE_COLUMNS);
      await writeFiles(staged.lines(), read, folder, { form, naming: namingOf(names) }, onRow);
      return form;
    }
    case 'warc': {
      const settings = { run, version, shardSize, work };
      await writeWarc(staged.lines, read, folder, settings, onRow);
      return new SampleForm(staged.columns, caption);
    }
  }
}

/** @throws CommandError */
function namingOf(names: string): Naming {
  if (names === 'sha256') return { kind: 'sha256' };
  if (names === 'url')
    return { kind: 'names', name: ({ url, format }) => urlName(url, extensionOf(format)) };
  const read = readTemplate(names);
  if ('problem' in read) throw new CommandError(`--names: ${read.problem}`);
  return { kind: 'names', name: read.name };
}
