import { CommandError } from '../command-error.ts';

/** Reads an option that is a whole number; undefined where it is absent. @throws CommandError naming it */
export function wholeNumber(
  flag: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (value >= least && value <= most) return value;
  throw new CommandError(
    `${flag}: expected a whole number from ${least} to ${most}, got "${text}"`,
  );
}
