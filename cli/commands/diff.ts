import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { RunArchive } from '../../adapters/aws/run-archive.ts';
import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { findRun } from '../deployment/find-run.ts';
import { withRun } from '../deployment/with-run.ts';
import { diffCsv, diffJson, diffText } from '../diff/diff-text.ts';
import { CHANGES, type DiffLine, type DiffPart, diffRuns } from '../diff/run-diff.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { inChunks } from '../output/in-chunks.ts';
import { openScreen, type Session } from '../session.ts';

const FORMATS = ['text', 'jsonl', 'csv'] as const;

const options = deploymentOptions.extend({
  format: z.enum(FORMATS).default('text'),
  only: z.array(z.enum(CHANGES)).default([]),
});

const EXAMPLES = `
Examples:
  $ npx crawl diff 20261123T214455-x7k2 20261124T214501-b3q9
  $ npx crawl diff 20261123T214455-x7k2 20261124T214501-b3q9 --only gone --format csv > link-rot.csv

What each change means: docs/second-crawl.md`;

/** `crawl diff RUN1 RUN2` */
export function describeDiff(program: Command): Command {
  const command = program
    .command('diff')
    .description('what changed from one run to another: new, gone, changed, moved, unchanged')
    .argument('<run1>', 'id of the earlier run, or its beginning')
    .argument('<run2>', 'id of the later run, or its beginning')
    .addOption(new Option('--format <format>', 'default: text').choices(FORMATS))
    .addOption(
      new Option('--only <change>', 'only these; may be repeated')
        .choices(CHANGES)
        .argParser((text: string, before: readonly string[] = []) => [...before, changeOf(text)]),
    )
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** As fast as the reader takes it. */
export async function diffCommand(
  [first, second]: readonly [string, string],
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { format, only, ...rest } = options.parse(given);
  const screen = openScreen(session);
  return withRun(readDeployment(rest, session.base), first, async ({ archive }, before) => {
    const after = await findRun(archive, second);
    if (after.runId === before.runId)
      throw new CommandError('diff: expected two runs, got the same one twice');
    const startedAt = new Date(after.startedMs).toISOString();
    const all = diffRuns(partsOf(archive, before, after), startedAt);
    const lines = only.length === 0 ? all : filtered(all, only);
    const texts = { text: diffText, jsonl: diffJson, csv: diffCsv }[format](lines);
    if (format === 'text') screen.say(`from run ${before.runId} to run ${after.runId}`);
    for await (const chunk of inChunks(texts)) await screen.write(chunk);
    return EXIT.ended;
  });
}

/** Group by group where both runs put hosts into the same groups; otherwise all at once. */
async function* partsOf(archive: RunArchive, before: Run, after: Run): AsyncGenerator<DiffPart> {
  const isSame = JSON.stringify(before.grouping) === JSON.stringify(after.grouping);
  if (!isSame) {
    yield { before: archive.results(before), after: archive.results(after) };
    return;
  }
  for (const group of archive.groupsOf(before))
    yield {
      before: archive.resultsOfGroup(before, group),
      after: archive.resultsOfGroup(after, group),
    };
}

async function* filtered(
  lines: AsyncIterable<DiffLine>,
  only: readonly string[],
): AsyncGenerator<DiffLine> {
  for await (const line of lines) if (only.includes(line.change)) yield line;
}

/** @throws CommandError */
function changeOf(text: string): string {
  if (CHANGES.some((change) => change === text)) return text;
  throw new CommandError(`--only: expected ${CHANGES.join(', ')}, got "${text}"`);
}
