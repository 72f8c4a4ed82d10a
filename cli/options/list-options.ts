import type { Command } from 'commander';
import * as z from 'zod';

/** How the lists of a run are read. */
export const listOptions = z.object({
  column: z.string().optional(),
  field: z.string().optional(),
  keep: z.array(z.string()).optional(),
  keepAll: z.boolean().optional(),
  hashColumn: z.string().optional(),
});

/** Adds `--column`, `--field`, `--keep`, `--keep-all` and `--hash-column`. */
export function addListOptions(command: Command): Command {
  return command
    .option(
      '--column <name>',
      'column of a table that holds the URL, its name or number (default: url, otherwise the one that holds URLs)',
    )
    .option(
      '--field <name>',
      'field of JSON that holds the URL, as in images.src (default: url, otherwise the one that holds URLs)',
    )
    .option(
      '--keep <names>',
      'columns or fields to carry into the results, one line for each row: NAME or NAME,NAME; may be repeated',
      (text: string, before: readonly string[] = []) => [...before, ...namesIn(text)],
    )
    .option('--keep-all', 'carry all columns or fields into the results')
    .option(
      '--hash-column <name>',
      'column or field with the SHA-256 or MD5 of each image: other bytes fail as hash-mismatch',
    );
}

function namesIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
