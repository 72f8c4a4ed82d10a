import { join } from 'node:path';
import type { OutputSettings, Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { EXIT } from '../exit-code.ts';
import type { Screen } from '../output/screen.ts';
import { hintOf } from '../run/hint.ts';
import { exportRun, sayExported } from './export-run.ts';

/** Where the images of a data set are read. */
export type ImageSource = Pick<OpenArchive, 'imagesOf'>;

/** What of a run is written when it has ended. */
export interface WantedDataSet {
  /** Absent where no data set is wanted; otherwise with the version of the command. */
  readonly dataSet?: { readonly output: OutputSettings; readonly version: string };
  /** Absolute folder of the run. */
  readonly out: string;
  readonly base: string;
  readonly deployment: Deployment;
}

/** Writes the data set of a run below its folder, where one was asked for, and says where it is. */
export async function tellDataSet(
  { archive, lists, imagesOf }: Pick<OpenArchive, 'archive' | 'lists'> & Partial<ImageSource>,
  run: Run,
  screen: Screen,
  { dataSet, out, base, deployment }: WantedDataSet,
  signal?: AbortSignal,
): Promise<void> {
  if (dataSet === undefined || imagesOf === undefined) return;
  const { output, version } = dataSet;
  const folder = join(out, output.format ?? 'table');
  const wanted = { run, output, folder, tableFolder: out, version, signal };
  const source = { archive, lists, imagesOf };
  const written = await exportRun(source, wanted, screen).catch((error) => {
    if (signal?.aborted !== true) throw error;
    const hint = hintOf({ verb: 'export', runId: run.runId, deployment, base });
    throw new CommandError(
      `the data set is not complete. Write it with: ${hint}`,
      EXIT.couldNotEnd,
    );
  });
  sayExported(written, base, screen);
}
