import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { OutputSettings } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exportRun, sayExported } from '../export/export-run.ts';
import {
  addOutputOptions,
  outputOptions,
  readOutput,
  type TypedOutput,
} from '../export/output-options.ts';
import { refuseWarc } from '../export/refuse-warc.ts';
import { checkFolder } from '../options/folders.ts';
import {
  addDeploymentOptions,
  deploymentOptions,
  notEmpty,
  readDeployment,
} from '../options/option-sets.ts';
import { countOf } from '../options/quantities.ts';
import { outOf } from '../run/ask-again.ts';
import { hintOf } from '../run/hint.ts';
import { openScreen, type Session } from '../session.ts';

const options = deploymentOptions.extend({
  ...outputOptions.shape,
  out: z.string().optional(),
  json: z.boolean().default(false),
});

const EXAMPLES = `
Examples:
  $ npx crawl export 20261123T214455-x7k2 --format webdataset --caption title
  $ npx crawl export 20261123T214455-x7k2 --format files --names url --croissant
  $ npx crawl export 20261123T214455-x7k2 --table parquet --out tables

Layouts are in docs/datasets.md.`;

/** `crawl export RUN` */
export function describeExport(program: Command): Command {
  const command = program
    .command('export')
    .description('write a data set of a run that has ended')
    .argument('<run>', 'id of the run, or its beginning')
    .addOption(
      new Option(
        '--out <dir>',
        'folder of the data set (default: below that of the run)',
      ).argParser(notEmpty('--out', 'a folder')),
    )
    .option('--json', 'what was written as one JSON object on standard output')
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(addOutputOptions(command));
}

/** Reads what the run kept, and asks no site for anything. */
export async function exportCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { out, json, ...typed } = options.parse(given);
  const { base, version } = session;
  const deployment = readDeployment(typed, base);
  const screen = openScreen(session, json);
  return withRun(deployment, text, async (opened, run) => {
    const { runId, settings } = run;
    const output = readOutput(typed, beforeOf(typed, settings.output));
    if (output === undefined) throw new CommandError('name a --format or a --table to write');
    refuseWarc(output, run);
    const { ended } = await opened.archive.progress(run);
    if (!ended) throw notEnded(runId, hintOf({ verb: 'resume', runId, deployment, base }));
    const below = output.format ?? 'table';
    const folder = out === undefined ? join(outOf(run, out, base), below) : resolve(base, out);
    await checkFolder('--out', folder);
    const written = await exportRun(opened, { run, output, folder, version }, screen);
    screen.say(`${countOf(written.images, 'image')} of run ${runId}`);
    sayExported(written, base, screen);
    if (json) await screen.write(`${JSON.stringify({ runId, ...written })}\n`);
    return EXIT.ended;
  });
}

/** A format or a table that is named is all that is written; how it is written stays as it was. */
function beforeOf(typed: TypedOutput, before: OutputSettings | undefined) {
  if (before === undefined || (typed.format === undefined && typed.table === undefined))
    return before;
  return { ...before, format: undefined, table: undefined, croissant: false };
}

function notEnded(runId: string, hint: string): CommandError {
  const message = `run ${runId} has not ended: its data set would change. Resume it with: ${hint}`;
  return new CommandError(message, EXIT.couldNotEnd);
}
