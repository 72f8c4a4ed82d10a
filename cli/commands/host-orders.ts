import type { Command } from 'commander';
import * as z from 'zod';
import { type HostOrder, MIN_ORDERED_RATE } from '../../core/model/host-order.ts';
import { CommandError } from '../command-error.ts';
import { openArchive } from '../deployment/deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readHost } from '../options/host-argument.ts';
import { addDeploymentOptions, deploymentOptions, readDeployment } from '../options/option-sets.ts';
import { orderText } from '../run/order-text.ts';
import { namedRun } from '../run/run-in-progress.ts';
import { openScreen, type Session } from '../session.ts';
import { stopAll } from './stop-all.ts';

const options = deploymentOptions.extend({ run: z.string().optional() });

const SLOW_EXAMPLES = `
RATE is a number of requests per second; 0 takes back what was ordered of the host.

Examples:
  $ npx crawl slow example.com 0.5
  $ npx crawl slow '*.example.com' 2 --run 20261123T214455-x7k2
  $ npx crawl slow example.com 0`;

const STOP_EXAMPLES = `
Examples:
  $ npx crawl stop example.com
  $ npx crawl stop example.com --run 20261123T214455-x7k2
  $ npx crawl stop --stack ImageCrawler

Take it back with: crawl slow example.com 0; for a whole stack: crawl start --stack NAME`;

const HOST = 'a host, a host with its port, or *.HOST for all below it';

/** `crawl slow HOST RATE` */
export function describeSlow(program: Command): Command {
  const command = program
    .command('slow')
    .description('limit the request rate of a host, in a run that is in progress')
    .argument('<host>', HOST)
    .argument('<rate>', 'requests per second at most, as in 2 or 0.1')
    .addHelpText('after', SLOW_EXAMPLES);
  return addRunOption(command);
}

/** `crawl stop HOST` */
export function describeStop(program: Command): Command {
  const command = program
    .command('stop')
    .description(
      'send no more requests to a host, in a run that is in progress: its open URLs are skipped. With --stack and no host: stop all runs of the stack, to go on later',
    )
    .argument('[host]', HOST)
    .addHelpText('after', STOP_EXAMPLES);
  return addRunOption(command);
}

function addRunOption(command: Command): Command {
  command.option('--run <run>', 'id of the run, or its beginning (default: the one in progress)');
  return addDeploymentOptions(command);
}

/** Workers apply it within seconds; it also holds when the run is resumed later. */
export function slowCommand(
  host: string,
  rate: string,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const ratePerS = readRate(rate);
  const order: HostOrder | undefined = ratePerS === 0 ? undefined : { kind: 'slow', ratePerS };
  return giveOrder(readHost(host), order, given, session);
}

/** Stops requests to the host for the rest of the run; without a host all runs of a stack. */
export async function stopCommand(
  host: string | undefined,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  if (host !== undefined) return giveOrder(readHost(host), { kind: 'stop' }, given, session);
  const { run, stack } = options.parse(given);
  if (stack !== undefined && run === undefined) return stopAll(stack, session);
  throw new CommandError('name a host; or --stack alone to stop all runs of a stack');
}

async function giveOrder(
  host: string,
  order: HostOrder | undefined,
  given: unknown,
  session: Session,
): Promise<ExitCode> {
  const { run: text, ...rest } = options.parse(given);
  const screen = openScreen(session);
  const opened = await openArchive(readDeployment(rest, session.base));
  try {
    if (opened === undefined) throw new CommandError('no runs yet');
    const { runId } = await namedRun(opened, text);
    await opened.archive.orderHost(runId, host, order);
    const works = opened.worksOn(runId) ? 'its workers do so within seconds' : 'when it is resumed';
    screen.say(`run ${runId}: ${orderText(host, order)} (${works})`);
    return EXIT.ended;
  } finally {
    await opened?.close();
  }
}

/** @throws CommandError */
function readRate(text: string): number {
  const rate = /^\d{1,5}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (rate === 0 || rate >= MIN_ORDERED_RATE) return rate;
  const least = MIN_ORDERED_RATE.toFixed(4);
  throw new CommandError(
    `expected a rate in requests per second, from ${least}, or 0 for none; got "${text}"`,
  );
}
