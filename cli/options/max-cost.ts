import { type Command, Option } from 'commander';
import { runSettings } from '../../contract/run-settings.ts';
import { CommandError } from '../command-error.ts';

/** Adds `--max-cost`; `otherwise` says what holds without it. */
export function addMaxCostOption(command: Command, otherwise: string): Command {
  return command.addOption(
    new Option(
      '--max-cost <dollars>',
      `stop when the run is estimated to have cost so many US dollars on AWS, 0 for no limit (default: ${otherwise})`,
    ),
  );
}

/** Reads it; undefined where it was not typed, 0 for no ceiling. @throws CommandError */
export function readMaxCost(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const dollars = /^\$?(\d{1,7}(?:\.\d{1,6})?)$/.exec(text)?.[1];
  const parsed = runSettings.shape.maxCost.safeParse(dollars && Number(dollars));
  if (dollars !== undefined && parsed.success) return parsed.data;
  throw new CommandError(
    `--max-cost: expected US dollars up to 1000000, as in 5 or 0.50, or 0 for no limit; got "${text}"`,
  );
}
