import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { dataSetLines } from '../../adapters/datasets/data-set-line.ts';
import { DraftFolder, FolderTakenError } from '../../adapters/datasets/draft-folder.ts';
import { type StagedLines, stageLines } from '../../adapters/datasets/staged-lines.ts';
import type { OutputSettings, Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { makeFolder, shownPath } from '../options/folders.ts';
import type { Screen } from '../output/screen.ts';
import { runLines } from '../run/run-lines.ts';
import { exportProgress } from './export-progress.ts';
import { columnOfCaption } from './output-options.ts';
import { writeTable } from './results-table.ts';
import { type Format, writeDataSet } from './write-data-set.ts';

/** An export of one run. */
export interface Export {
  readonly run: Run;
  readonly output: OutputSettings;
  /** Absolute folder for the data set. */
  readonly folder: string;
  /** Absolute folder for the table; that of the data set when absent. */
  readonly tableFolder?: string;
  /** Of the command. */
  readonly version: string;
  readonly signal?: AbortSignal;
}

/** What was written, by absolute paths. */
export interface Exported {
  readonly folder?: string;
  readonly table?: string;
  readonly images: number;
}

interface Source extends Pick<OpenArchive, 'imagesOf' | 'lists'> {
  readonly archive: Pick<OpenArchive['archive'], 'lines'>;
}

/** Says where a data set and its table are. */
export function sayExported({ folder, table }: Exported, base: string, screen: Screen): void {
  if (folder !== undefined) screen.say(`  data set   ${shownPath(folder, base)}`);
  if (table !== undefined) screen.say(`  table      ${shownPath(table, base)}`);
}

/**
 * Writes the data set of a run that has ended, and its table. Results are sorted by row first, an
 * order that no run has; memory stays the same whatever their number. @throws CommandError where
 * the folder holds something else
 */
export async function exportRun(source: Source, wanted: Export, screen: Screen): Promise<Exported> {
  const { format } = wanted.output;
  try {
    if (format === undefined) return await exportTable(source, wanted, screen);
    return await exportDataSet(source, wanted, format, screen);
  } finally {
    screen.progress('');
  }
}

async function exportTable(source: Source, wanted: Export, screen: Screen): Promise<Exported> {
  const { run, output, folder, tableFolder = folder } = wanted;
  await makeFolder('--out', tableFolder);
  const work = await mkdtemp(join(tableFolder, '.table-'));
  try {
    const onLine = exportProgress(screen, 'results read', wanted.signal);
    const staged = await stageLines(linesOf(source, run, screen), work, onLine);
    const table = await tableIn(tableFolder, staged, output);
    return { images: staged.counts.images, table };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function exportDataSet(
  source: Source,
  wanted: Export,
  format: Format,
  screen: Screen,
): Promise<Exported> {
  const { run, output, folder, tableFolder, signal } = wanted;
  await makeFolder('--out', folder);
  const draft = await beginDraft(folder);
  try {
    const onLine = exportProgress(screen, 'results read', signal);
    const staged = await stageLines(linesOf(source, run, screen), draft.path('work'), onLine);
    noteCaption(output, staged, screen);
    const files = draft.path('files');
    const dataSet = { ...wanted, format, staged, folder: files, work: draft.path('work') };
    const onRow = exportProgress(screen, 'rows written', signal);
    await writeDataSet(dataSet, source.imagesOf(run), onRow);
    const table = await tableIn(tableFolder ?? files, staged, output);
    signal?.throwIfAborted();
    const { images } = staged.counts;
    await draft.publish({ run: run.runId, format, images });
    return { folder, images, table: table && join(tableFolder ?? folder, basename(table)) };
  } finally {
    await draft.discard();
  }
}

function linesOf({ archive, lists }: Source, run: Run, screen: Screen) {
  const results = archive.lines(run);
  return dataSetLines(runLines(results, run, lists, (lost) => screen.note(lost)));
}

/** A column that no row has is usually a typing error. */
function noteCaption({ caption }: OutputSettings, { columns }: StagedLines, screen: Screen): void {
  const column = columnOfCaption(caption);
  if (column === undefined || columns.some(({ name }) => name === column)) return;
  const kept = columns.map(({ name }) => name).join(', ');
  const others = kept === '' ? 'no column of the list was kept' : `kept were ${kept}`;
  screen.note(`--caption: no row has a column "${column}": ${others}`);
}

async function tableIn(
  folder: string,
  staged: StagedLines,
  { table }: OutputSettings,
): Promise<string | undefined> {
  if (table === undefined) return undefined;
  const path = join(folder, `results.${table}`);
  await writeTable(staged, table, path);
  return path;
}

/** @throws CommandError where the folder holds something that is no data set */
async function beginDraft(folder: string): Promise<DraftFolder> {
  try {
    return await DraftFolder.begin(folder);
  } catch (error) {
    if (!(error instanceof FolderTakenError)) throw error;
    throw new CommandError(
      `--out: ${error.message}, which is no part of a data set: choose another`,
    );
  }
}
