import { type Command, Option } from 'commander';
import * as z from 'zod';
import { PLACEHOLDERS, readTemplate } from '../../adapters/datasets/names/name-template.ts';
import { outputSettings } from '../../contract/run-settings.ts';
import type { OutputSettings } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { readCount } from '../options/amounts.ts';

const { format, table } = outputSettings.shape;

/** Options of the commands that write data sets. */
export const outputOptions = z.object({
  format,
  table,
  caption: z.string().optional(),
  shardSize: z.string().optional(),
  names: z.string().optional(),
  croissant: z.boolean().optional(),
});

/** Those options as they were typed. */
export type TypedOutput = z.output<typeof outputOptions>;

const USUAL_SHARD_SIZE = '10000';
const USUAL_NAMES = 'sha256';

/** Adds the options that say which data set is written. */
export function addOutputOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'data set to write').choices(format.unwrap().options),
    )
    .addOption(
      new Option('--table <format>', 'table of all results, by row').choices(
        table.unwrap().options,
      ),
    )
    .option('--caption <name>', 'column of the list, or alt or title, that is the text of an image')
    .option('--shard-size <n>', `images per shard (default: ${USUAL_SHARD_SIZE})`)
    .option(
      '--names <how>',
      `names of --format files: sha256, url, or a template of ${PLACEHOLDERS.map((name) => `{${name}}`).join(' ')} and {columns.NAME} (default: ${USUAL_NAMES})`,
    )
    .option('--croissant', 'describe the data set in croissant.json');
}

/**
 * What is to be written: what was typed, and otherwise what the run was started with. Undefined
 * where that is nothing. @throws CommandError with every problem, each on a line
 */
export function readOutput(
  typed: TypedOutput,
  before: OutputSettings | undefined,
): OutputSettings | undefined {
  const problems: string[] = [];
  const kind = typed.format ?? before?.format;
  const shardSize = readCount(typed.shardSize ?? String(before?.shardSize ?? USUAL_SHARD_SIZE));
  const names = typed.names ?? before?.names ?? USUAL_NAMES;
  if (!outputSettings.shape.shardSize.safeParse(shardSize).success)
    problems.push(`--shard-size: expected 1 to 1000000, got "${typed.shardSize}"`);
  if (names !== 'sha256' && names !== 'url') {
    const read = readTemplate(names);
    if ('problem' in read) problems.push(`--names: ${read.problem}`);
  }
  if (typed.names !== undefined && kind !== 'files')
    problems.push('--names: only --format files has names of its own');
  if (typed.caption?.trim() === '') problems.push('--caption: expected the name of a column');
  if (typed.croissant === true && kind === undefined)
    problems.push('--croissant: describes a data set, so it needs --format');
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
  const output: OutputSettings = {
    format: kind,
    table: typed.table ?? before?.table,
    caption: typed.caption ?? before?.caption,
    shardSize: shardSize ?? Number(USUAL_SHARD_SIZE),
    names,
    croissant: typed.croissant ?? before?.croissant ?? false,
  };
  return output.format === undefined && output.table === undefined ? undefined : output;
}

/** The column of a list that captions are; undefined for `alt` and `title`, which come from pages. */
export function columnOfCaption(caption: string | undefined): string | undefined {
  return caption === 'alt' || caption === 'title' ? undefined : caption;
}

/** The columns that are kept, that of the captions among them. */
export function withCaption(
  keep: readonly string[] = [],
  caption: string | undefined,
): readonly string[] | undefined {
  const column = columnOfCaption(caption);
  const names = column === undefined ? keep : [...new Set([...keep, column])];
  return names.length === 0 ? undefined : names;
}
