import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { inChunks } from '../in-chunks.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../option-sets.ts';
import { csvHeader, csvLine, jsonLine } from '../result-line.ts';
import { openScreen, type Session } from '../session.ts';
import { withRun } from '../with-run.ts';

const STATUSES = ['succeeded', 'failed', 'skipped'] as const;
const FORMATS = ['jsonl', 'csv'] as const;

const options = deploymentOptions.extend({
  format: z.enum(FORMATS).default('jsonl'),
  status: z.enum(STATUSES).optional(),
});

const EXAMPLES = `
Examples:
  $ npx crawl results 20261123T214455-x7k2 --status failed
  $ npx crawl results 20261123T214455-x7k2 --format csv > results.csv`;

/** `crawl results RUN` */
export function describeResults(program: Command): Command {
  const command = program
    .command('results')
    .description('the results of a run so far, to standard output')
    .argument('<run>', 'id of the run, or its beginning')
    .addOption(new Option('--format <format>', 'default: jsonl').choices(FORMATS))
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** As fast as the reader takes them, in bounded memory. */
export async function resultsCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { format, status, ...rest } = options.parse(given);
  const screen = openScreen(session);
  return withRun(readDeployment(rest, session.base), text, async ({ archive }, run) => {
    const results = archive.lines(run, ...(status === undefined ? [] : [status]));
    const lines = format === 'csv' ? csvLines(results) : jsonLines(results);
    for await (const chunk of inChunks(lines)) await screen.write(chunk);
    return EXIT.ended;
  });
}

async function* jsonLines(results: AsyncIterable<ResultLine>): AsyncGenerator<string> {
  for await (const result of results) yield jsonLine(result);
}

async function* csvLines(results: AsyncIterable<ResultLine>): AsyncGenerator<string> {
  yield csvHeader();
  for await (const result of results) yield csvLine(result);
}
