import { Command } from 'commander';
import { auditCommand, describeAudit } from './commands/audit.ts';
import { botInitCommand, describeBot, describeBotInit } from './commands/bot.ts';
import { botSignCommand, describeBotSign } from './commands/bot-sign.ts';
import { cancelCommand, describeCancel } from './commands/cancel.ts';
import { deleteCommand, describeDelete } from './commands/delete.ts';
import { demoCommand, describeDemo } from './commands/demo.ts';
import { describeDiff, diffCommand } from './commands/diff.ts';
import { describeDuplicates, duplicatesCommand } from './commands/duplicates.ts';
import { describeExport, exportCommand } from './commands/export.ts';
import { describeFetch, fetchCommand } from './commands/fetch.ts';
import { describeFinish, finishCommand } from './commands/finish.ts';
import { describeSlow, describeStop, slowCommand, stopCommand } from './commands/host-orders.ts';
import { describeReasons, reasonsCommand } from './commands/reasons.ts';
import { describeReport, reportCommand } from './commands/report.ts';
import { describeResults, resultsCommand } from './commands/results.ts';
import { describeResume, resumeCommand } from './commands/resume.ts';
import { describeRetry, retryCommand } from './commands/retry.ts';
import { describeRun, runCommand } from './commands/run.ts';
import { describeStatus, statusCommand } from './commands/status.ts';
import { describeStart, startCommand } from './commands/stop-all.ts';
import { describeWatch, watchCommand } from './commands/watch.ts';
import type { ExitCode } from './exit-code.ts';
import { commandName } from './options/command-name.ts';
import type { Session } from './session.ts';

const EXAMPLES = `
Examples:
  $ npx crawl demo
  $ npx crawl run list.txt
  $ npx crawl status
  $ npx crawl help run`;

type OnEnd = (exitCode: ExitCode) => void;

/** The command with all its subcommands; `onEnd` is told the exit code of the one that ran. */
export function createProgram(session: Session, onEnd: OnEnd): Command {
  const program = new Command('crawl')
    .description('A distributed image crawler, on this machine or in a deployed stack.')
    .version(session.version)
    .exitOverride()
    // Errors are told in one place, by whoever runs this.
    .configureOutput({
      outputError: () => {},
      writeOut: (text) => void session.stdout.write(examplesFor(text, session.base)),
      writeErr: (text) => void session.stderr.write(examplesFor(text, session.base)),
    })
    .addHelpText('after', EXAMPLES);
  describeDemo(program).action(async (given) => onEnd(await demoCommand(given, session)));
  describeRun(program, session).action(async (sources, given) =>
    onEnd(await runCommand(sources, given, session)),
  );
  describeStatus(program).action(async (run, given) =>
    onEnd(await statusCommand(run, given, session)),
  );
  describeWatch(program).action(async (run, given) =>
    onEnd(await watchCommand(run, given, session)),
  );
  addReaders(program, session, onEnd);
  describeResume(program).action(async (run, given) =>
    onEnd(await resumeCommand(run, given, session)),
  );
  describeRetry(program).action(async (run, given) =>
    onEnd(await retryCommand(run, given, session)),
  );
  describeCancel(program).action(async (run, given) =>
    onEnd(await cancelCommand(run, given, session)),
  );
  describeSlow(program).action(async (host, rate, given) =>
    onEnd(await slowCommand(host, rate, given, session)),
  );
  describeStop(program).action(async (host, given) =>
    onEnd(await stopCommand(host, given, session)),
  );
  describeStart(program).action(async (given) => onEnd(await startCommand(given, session)));
  describeDelete(program).action(async (runs, given) =>
    onEnd(await deleteCommand(runs, given, session)),
  );
  const bot = describeBot(program);
  describeBotInit(bot).action(async (given) => onEnd(await botInitCommand(given, session)));
  describeBotSign(bot).action(async (given) => onEnd(await botSignCommand(given, session)));
  describeReasons(program).action(async (given) => onEnd(await reasonsCommand(given, session)));
  return program;
}

/** Commands that read the results of runs. */
function addReaders(program: Command, session: Session, onEnd: OnEnd): void {
  describeResults(program).action(async (run, given) =>
    onEnd(await resultsCommand(run, given, session)),
  );
  describeExport(program).action(async (run, given) =>
    onEnd(await exportCommand(run, given, session)),
  );
  describeDiff(program).action(async (first, second, given) =>
    onEnd(await diffCommand([first, second], given, session)),
  );
  describeDuplicates(program).action(async (run, given) =>
    onEnd(await duplicatesCommand(run, given, session)),
  );
  describeFinish(program).action(async (run, given) =>
    onEnd(await finishCommand(run, given, session)),
  );
  describeFetch(program).action(async (run, given) =>
    onEnd(await fetchCommand(run, given, session)),
  );
  describeReport(program).action(async (run, given) =>
    onEnd(await reportCommand(run, given, session)),
  );
  describeAudit(program).action(async (run, given) =>
    onEnd(await auditCommand(run, given, session)),
  );
}

/** Examples that can be typed as they are, from where the person stands. */
function examplesFor(help: string, base: string): string {
  return help.replaceAll('$ npx crawl', `$ ${commandName(base)}`);
}
