import type { OutputSettings, Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';

/** Refuses an archive of a run that kept no heads of its answers. @throws CommandError */
export function refuseWarc(output: OutputSettings | undefined, { runId, settings }: Run): void {
  if (output?.format !== 'warc' || settings.archive === true) return;
  throw new CommandError(
    `--format warc: run ${runId} kept no headers of its answers; a run that is started with --format warc does`,
  );
}
