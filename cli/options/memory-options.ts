import { type Command, Option } from 'commander';
import * as z from 'zod';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import { memorySettings } from '../../contract/run-settings.ts';
import type { MemorySettings } from '../../core/model/run.ts';
import { readMs } from './amounts.ts';

/** What a run takes from earlier ones. */
export const memoryOptions = z.object({
  since: z.string().optional(),
  refresh: z.boolean().optional(),
  onlyNew: z.boolean().optional(),
  memory: z.boolean().optional(),
});

/** The same, as it was typed. */
export type TypedMemory = z.output<typeof memoryOptions>;

const DAYS = RUN_DEFAULTS.memory?.days ?? 0;

/** Adds `--since`, `--refresh`, `--only-new` and `--no-memory`. */
export function addMemoryOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--since <time>',
        'skip what an earlier run kept within this time, as in 30d or 12h, and send conditional requests for the rest (default: skip what its site still calls fresh)',
      ).conflicts(['refresh', 'onlyNew']),
    )
    .addOption(
      new Option('--refresh', 'send conditional requests for all that is known').conflicts(
        'onlyNew',
      ),
    )
    .addOption(new Option('--only-new', 'skip all that an earlier run kept'))
    .addOption(
      new Option(
        '--no-memory',
        `download everything again, and do not remember it (otherwise for ${DAYS} days)`,
      ),
    );
}

/** Reads them; undefined where the run remembers nothing. Problems are added, each as a line. */
export function readMemory(typed: TypedMemory, problems: string[]): MemorySettings | undefined {
  const { since, refresh, onlyNew, memory } = typed;
  if (memory === false) {
    const given = since !== undefined || refresh === true || onlyNew === true;
    if (given) problems.push('--no-memory: cannot be used with --since, --refresh or --only-new');
    return undefined;
  }
  const ask = refresh === true ? 'all' : onlyNew === true ? 'new' : 'stale';
  if (since === undefined) return { days: DAYS, ask };
  const maxAgeMs = /^\d+$/.test(since) ? undefined : readMs(since);
  if (maxAgeMs === undefined || !memorySettings.shape.maxAgeMs.safeParse(maxAgeMs).success) {
    problems.push(`--since: expected a time like 30d or 12h, got "${since}"`);
    return undefined;
  }
  return { days: Math.min(MAX_DAYS, Math.max(DAYS, Math.ceil(maxAgeMs / DAY_MS))), ask, maxAgeMs };
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 3650;
