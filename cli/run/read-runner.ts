import type { z } from 'zod';
import { readBot } from '../bot/read-bot.ts';
import { readCapacity } from '../options/capacity.ts';
import type { conductOptions } from '../options/option-sets.ts';
import { readProxies } from '../options/read-proxies.ts';
import type { Session } from '../session.ts';
import type { ConductOptions } from './conduct-run.ts';

/** How workers of this machine work: how much at once, through which proxies, as which bot. @throws CommandError */
export async function readRunner(
  typed: z.output<typeof conductOptions>,
  { base, environment }: Session,
): Promise<Pick<ConductOptions, 'capacity' | 'proxies' | 'bot'>> {
  return {
    capacity: readCapacity(typed),
    proxies: readProxies(typed, environment),
    bot: await readBot(typed, base),
  };
}
