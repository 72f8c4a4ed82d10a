import type { Command } from 'commander';
import * as z from 'zod';
import {
  REASON_NAMES,
  REASONS,
  type Reason,
  type Verdict,
  verdictOf,
} from '../../core/model/outcome.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openScreen, type Session } from '../session.ts';

const options = z.object({ json: z.boolean().default(false) });

const HEADER = [
  'REASON',
  'STATUS',
  'RETRIED IN THE RUN',
  'BY CRAWL RETRY',
  'EFFECT ON ITS HOST',
  'MEANING',
];

const ON_HOST: Readonly<Record<Verdict['onHost'], string>> = {
  none: 'none',
  suspect: 'paused after five in a row',
  pause: 'paused at once',
};

/** `crawl reasons` */
export function describeReasons(program: Command): Command {
  return program
    .command('reasons')
    .description('every reason why a URL fails or is skipped, and what follows from it')
    .option('--json', 'as one JSON object')
    .addHelpText('after', '\nExample:\n  $ npx crawl reasons');
}

/** The table that decides, as it stands. */
export async function reasonsCommand(given: unknown, session: Session): Promise<ExitCode> {
  const { json } = options.parse(given);
  const screen = openScreen(session);
  if (json) await screen.write(`${JSON.stringify(REASONS, null, 2)}\n`);
  else for (const line of reasonLines()) screen.say(line);
  return EXIT.ended;
}

/** The table as text, its columns aligned. */
function reasonLines(): readonly string[] {
  const rows = [HEADER, ...REASON_NAMES.map(reasonCells)];
  const widths = HEADER.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** One row of the table: what each column says of a reason. */
export function reasonCells(reason: Reason): readonly string[] {
  const { status, again, passing, onHost, about } = verdictOf(reason);
  return [reason, status, again ? 'yes' : 'no', passing ? 'yes' : 'no', ON_HOST[onHost], about];
}
