import { readFile } from 'node:fs/promises';
import { type BotKey, BotKeyError, parseBotKey } from '../../adapters/bot-auth/bot-key.ts';
import { CommandError } from '../command-error.ts';
import { errorCode, messageOfCode } from '../deployment/system-error.ts';

/** Reads the key that an option names; `shown` is its path. @throws CommandError that never quotes the key */
export async function readBotKey(option: string, path: string, shown: string): Promise<BotKey> {
  try {
    return parseBotKey(await readFile(path, 'utf8'));
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof BotKeyError)
      throw new CommandError(`${option}: ${shown}: ${error.message}`);
    if (code === undefined) throw error;
    throw new CommandError(`${option}: ${shown}: ${messageOfCode(code)}`);
  }
}
