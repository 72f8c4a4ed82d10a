import type { Command } from 'commander';
import * as z from 'zod';
import { PURPOSES } from '../../core/model/purpose.ts';
import { usualText } from './run-settings.ts';

/** What a run heeds of what owners say of their images. */
export const rightsOptions = z.object({
  ignoreRobots: z.boolean().optional(),
  purpose: z.array(z.string()).optional(),
  tdmrep: z.boolean().optional(),
  maxCrawlDelay: z.string().optional(),
  allowCredentialUrls: z.boolean().optional(),
});

/** Adds the options about what owners say, and about URLs that were made for somebody. */
export function addRightsOptions(command: Command): Command {
  return command
    .option(
      '--purpose <name>',
      `what the images are for: ${PURPOSES.join(', ')}; what an owner reserves for one of them is skipped; may be repeated (default: all)`,
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--tdmrep',
      'ask each host for its tdmrep.json once (TDMRep); on where --purpose names tdm, train or ai-input',
    )
    .option('--no-tdmrep', 'never ask for it')
    .option(
      '--max-crawl-delay <time>',
      `longest Crawl-delay of a robots.txt that is waited for; a host that asks for more is skipped (default: ${usualText('maxCrawlDelayMs')})`,
    )
    .option(
      '--allow-credential-urls',
      'also fetch URLs that hold a signature or a token (X-Amz-Signature, sig, access_token, ...)',
    )
    .option(
      '--ignore-robots',
      'for sites of your own: do not read robots.txt and other reservations of owners',
    );
}
