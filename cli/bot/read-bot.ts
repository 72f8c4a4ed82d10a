import { resolve } from 'node:path';
import { agentOf, botForm, botOrigin, type LocalBot } from '../../contract/bot-identity.ts';
import { CommandError } from '../command-error.ts';
import { readBotKey } from './read-bot-key.ts';

/** The options as they were typed. */
interface TypedBot {
  readonly botKey?: string;
  readonly botOrigin?: string;
  readonly botForm?: string;
}

/**
 * Reads `--bot-key`, `--bot-origin` and `--bot-form`; undefined where requests are not signed. The
 * key is checked here and read again by workers. @throws CommandError that never quotes the key
 */
export async function readBot(typed: TypedBot, base: string): Promise<LocalBot | undefined> {
  if (typed.botKey === undefined && typed.botOrigin === undefined) {
    if (typed.botForm === undefined) return undefined;
    throw new CommandError('--bot-form: needs --bot-key and --bot-origin');
  }
  if (typed.botKey === undefined) throw new CommandError('--bot-origin: needs --bot-key, too');
  if (typed.botOrigin === undefined) throw new CommandError('--bot-key: needs --bot-origin, too');
  const form = botForm.safeParse(typed.botForm ?? 'dictionary');
  if (!form.success)
    throw new CommandError(
      `--bot-form: expected ${botForm.options.join(' or ')}, got "${typed.botForm}"`,
    );
  const origin = botOrigin.safeParse(typed.botOrigin);
  if (!origin.success)
    throw new CommandError(`--bot-origin: ${origin.error.issues[0]?.message ?? ''}`);
  const keyFile = resolve(base, typed.botKey);
  await readBotKey('--bot-key', keyFile, typed.botKey);
  return { keyFile, agent: agentOf(origin.data, form.data), form: form.data };
}
