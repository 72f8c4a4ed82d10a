import { CommandError } from '../command-error.ts';
import type { Crawler } from '../deployment/crawler.ts';
import { EXIT } from '../exit-code.ts';
import { commandName } from '../options/command-name.ts';
import { quoted } from '../options/quoted.ts';

/** The command that takes back what stopped a stack. */
export function startHint(stack: string, base: string): string {
  return [commandName(base), 'start', '--stack', quoted(stack)].join(' ');
}

/** Refuses to begin what nothing would work on. @throws CommandError */
export async function refuseStopped(
  { archive }: Pick<Crawler, 'archive'>,
  stack: string | undefined,
  base: string,
): Promise<void> {
  if (stack === undefined || !(await archive.stopOrder.isGiven())) return;
  throw new CommandError(
    `stack ${stack} is stopped. Let it go on with: ${startHint(stack, base)}`,
    EXIT.couldNotEnd,
  );
}
