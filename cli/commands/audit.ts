import type { Command } from 'commander';
import * as z from 'zod';
import type { Run } from '../../core/model/run.ts';
import { withRun } from '../deployment/with-run.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { countOf, formatCount } from '../options/quantities.ts';
import { RightsTally } from '../run/rights-tally.ts';
import { openScreen, type Session } from '../session.ts';

const options = deploymentOptions.extend({ json: z.boolean().default(false) });

/** Statements that are told one by one. */
const MOST_EVIDENCE = 20;
const MOST_EVIDENCE_JSON = 1000;

const EXAMPLES = `
Examples:
  $ npx crawl audit 20261123T214455-x7k2
  $ npx crawl audit 20261123T214455-x7k2 --json

What each signal means stands in docs/rights.md; the statements about one URL in its result.`;

/** `crawl audit RUN` */
export function describeAudit(program: Command): Command {
  const command = program
    .command('audit')
    .description('what owners say of the uses of their pictures, summed up, with the evidence')
    .argument('<run>', 'id of the run, or its beginning')
    .option('--json', 'as one JSON object')
    .addHelpText('after', EXAMPLES);
  return addDeploymentOptions(command);
}

/** Reads the results once, in bounded memory. */
export async function auditCommand(
  text: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { json, ...rest } = options.parse(given);
  const screen = openScreen(session);
  return withRun(readDeployment(rest, session.base), text, async ({ archive }, run) => {
    const tally = new RightsTally();
    for await (const result of archive.lines(run)) tally.add(result);
    if (json) await screen.write(`${JSON.stringify(auditOf(run, tally), null, 2)}\n`);
    else for (const line of auditLines(run, tally)) screen.say(line);
    return EXIT.ended;
  });
}

function auditOf({ runId, settings }: Run, tally: RightsTally) {
  const { purposes, ignoreRobots } = settings;
  return {
    runId,
    purposes,
    ignoreRobots,
    ...tally.ends,
    sums: tally.sums,
    statements: tally.statements,
    evidence: tally.evidence(MOST_EVIDENCE_JSON),
  };
}

/** The audit as text. */
export function auditLines({ runId, settings }: Run, tally: RightsTally): readonly string[] {
  const { kept, keptWithStatements, reserved, optedOut, paymentRequired } = tally.ends;
  const heed = settings.ignoreRobots
    ? 'ignored what owners say (--ignore-robots)'
    : `for ${settings.purposes.join(', ')}`;
  const head = [
    `run ${runId} ${heed}`,
    `${countOf(kept, 'picture')} kept, ${formatCount(keptWithStatements)} of them with a statement`,
    `skipped: ${formatCount(reserved)} reserved, ${formatCount(optedOut)} opted-out, ${formatCount(paymentRequired)} payment-required`,
  ];
  if (tally.statements === 0) return [...head, 'no statements were found'];
  return [...head, '', ...sumLines(tally), '', ...evidenceLines(tally)];
}

const COLUMNS = ['SIGNAL', 'PURPOSE', 'SAYS', 'KEPT', 'NOT KEPT'];

function sumLines(tally: RightsTally): readonly string[] {
  const rows = tally.sums.map(({ signal, purpose, position, kept: k, notKept }) => {
    return [signal, purpose, position, formatCount(k), formatCount(notKept)];
  });
  const all = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all.map((row) => {
    const cells = row.map((cell, at) => {
      const width = widths[at] ?? 0;
      return at < 3 ? cell.padEnd(width) : cell.padStart(width);
    });
    return cells.join('  ');
  });
}

function evidenceLines(tally: RightsTally): readonly string[] {
  const shown = tally.evidence(MOST_EVIDENCE);
  const lines = shown.flatMap(({ signal, where, value, kept, notKept, url }) => [
    `${signal} (${where}): ${value}`,
    `  ${formatCount(kept)} kept, ${formatCount(notKept)} not kept, as ${url}`,
  ]);
  const more = tally.statements - shown.length;
  return more === 0 ? lines : [...lines, `${countOf(more, 'more statement')}: --json`];
}
