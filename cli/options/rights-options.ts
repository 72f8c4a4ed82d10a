import type { Command } from 'commander';
import { z } from 'zod';
import { PURPOSES } from '../../core/rights/purpose.ts';

/** What a run heeds of what owners say of their images. */
export const rightsOptions = z.object({
  ignoreRobots: z.boolean().optional(),
  purpose: z.array(z.string()).optional(),
  tdmrep: z.boolean().optional(),
});

/** Adds `--purpose`, `--tdmrep` and `--ignore-robots`. */
export function addRightsOptions(command: Command): Command {
  return command
    .option(
      '--purpose <name>',
      `what the images are for: ${PURPOSES.join(', ')}; what an owner reserves for one of them is skipped; may be repeated (default: all)`,
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--tdmrep',
      'ask each host for its tdmrep.json once, which reserves text and data mining (TDMRep)',
    )
    .option(
      '--ignore-robots',
      'for sites of your own: do not read robots.txt and other reservations of owners',
    );
}
