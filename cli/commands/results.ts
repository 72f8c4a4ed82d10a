import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { parseUrl } from '../../core/model/canonical-url.ts';
import { STATUSES } from '../../core/model/outcome.ts';
import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { inChunks } from '../output/in-chunks.ts';
import { csvHeader, csvLine, jsonLines } from '../output/result-line.ts';
import { unusableJson, unusableLines } from '../output/unusable-lines.ts';
import { runLines } from '../run/run-lines.ts';
import { openScreen, type Session } from '../session.ts';

const FORMATS = ['jsonl', 'csv'] as const;

const options = deploymentOptions.extend({
  format: z.enum(FORMATS).default('jsonl'),
  status: z.enum(STATUSES).optional(),
  url: z.string().optional(),
  unusable: z.boolean().default(false),
});

const EXAMPLES = `
Examples:
  $ npx crawl results 20261123T214455-x7k2 --status failed
  $ npx crawl results 20261123T214455-x7k2 --format csv > results.csv
  $ npx crawl results 20261123T214455-x7k2 --url https://example.com/a.jpg
  $ npx crawl results 20261123T214455-x7k2 --unusable

In CSV a text that a spreadsheet would take for a formula begins with a ' that is not its own: docs/results.md`;

/** `crawl results RUN` */
export function describeResults(program: Command): Command {
  const command = program
    .command('results')
    .description('the results of a run so far, to standard output')
    .argument('<run>', 'id of the run, or its beginning')
    .addOption(new Option('--format <format>', 'default: jsonl').choices(FORMATS))
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .option('--url <url>', 'only the result of this URL')
    .addOption(
      new Option('--unusable', 'the lines of its lists that gave no URL, as JSON lines').conflicts([
        'format',
        'status',
        'url',
      ]),
    )
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** As fast as the reader takes them, in bounded memory. */
export async function resultsCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { format, status, url, unusable, ...rest } = options.parse(given);
  const wanted = url === undefined ? undefined : canonical(url);
  const screen = openScreen(session);
  return withRun(readDeployment(rest, session.base), text, async ({ archive, lists }, run) => {
    const statuses = status === undefined ? [] : [status];
    const found =
      wanted === undefined
        ? archive.lines(run, ...statuses)
        : lineOf(await archive.line(run, wanted), run, wanted);
    const results = runLines(found, run, lists, (lost) => screen.note(lost));
    const told = format === 'csv' ? csvLines(results) : jsonLines(results);
    const lines = unusable ? unusableJson(unusableLines(run, lists)) : told;
    for await (const chunk of inChunks(lines)) await screen.write(chunk);
    return EXIT.ended;
  });
}

/** A URL as results are kept under it. @throws CommandError */
function canonical(text: string): string {
  // What came inside a page has no other spelling.
  if (text.startsWith('data:')) return text;
  const parsed = parseUrl(text);
  if (parsed.kind === 'url') return parsed.url;
  throw new CommandError(`--url: ${parsed.problem}`);
}

/** @throws CommandError where the run has no result of the URL */
async function* lineOf(
  line: ResultLine | undefined,
  { runId }: Run,
  url: string,
): AsyncGenerator<ResultLine> {
  if (line === undefined)
    throw new CommandError(`run ${runId} has no result of ${url} so far`, EXIT.couldNotEnd);
  yield line;
}

async function* csvLines(results: AsyncIterable<ResultLine>): AsyncGenerator<string> {
  yield csvHeader();
  for await (const result of results) yield csvLine(result);
}
