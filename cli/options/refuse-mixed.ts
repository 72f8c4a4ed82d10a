import type { OutputSettings, RunSettings } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';

/** Options of one run that exclude each other. */
interface Mixed {
  readonly isOfPages: boolean;
  readonly hashColumn?: string;
  readonly output?: OutputSettings;
  readonly imageWork: RunSettings['imageWork'];
}

/** @throws CommandError naming two options of which only one can be met */
export function refuseMixed({ isOfPages, hashColumn, output, imageWork }: Mixed): void {
  if (isOfPages && hashColumn !== undefined)
    throw new CommandError(
      '--hash-column: with --pages the URLs are pages, which have no such hash',
    );
  const isChanged = imageWork?.resize !== undefined || (imageWork?.encode ?? 'same') !== 'same';
  if (output?.format === 'warc' && isChanged)
    throw new CommandError(
      '--format warc: an archive holds what sites sent: leave out --resize and --encode',
    );
}
