import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import type { BotKey } from '../../adapters/bot-auth/bot-key.ts';
import { botForm } from '../../contract/bot-identity.ts';
import { readBotKey } from '../bot/read-bot-key.ts';
import { signDirectoryFile } from '../bot/sign-directory-file.ts';
import { CommandError } from '../command-error.ts';
import { errorCode, messageOfCode } from '../deployment/system-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addBotFileOptions } from '../options/bot-options.ts';
import { shownPath } from '../options/folders.ts';
import { openScreen, type Session } from '../session.ts';

const options = z.object({
  origin: z.string(),
  dir: z.string(),
  form: botForm,
  days: z.coerce.number(),
  key: z.array(z.string()).optional(),
});

/** `crawl bot sign` */
export function describeBotSign(bot: Command): Command {
  const command = bot
    .command('sign')
    .description('sign the key directory again: before its signature expires, or when it changed')
    .option(
      '--key <file>',
      'private key to sign with, one for each that is in the directory; may be repeated (default: key.json in the folder)',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ npx crawl bot sign --origin https://bot.example.com --key bot/key.json --key bot-2/key.json',
    );
  return addBotFileOptions(command);
}

/** Replaces the header fields; the files of the site stay as they are. */
export async function botSignCommand(given: unknown, session: Session): Promise<ExitCode> {
  const { origin, dir, form, days, key: named } = options.parse(given);
  const { base } = session;
  const folder = resolve(base, dir);
  const files = named?.map((path) => resolve(base, path)) ?? [join(folder, 'key.json')];
  const keys: BotKey[] = [];
  for (const file of files) keys.push(await readBotKey('--key', file, shownPath(file, base)));
  const expiry = await signDirectoryFile(folder, keys, { origin, form, days }, Date.now()).catch(
    (error) => {
      const code = errorCode(error);
      if (code === undefined) throw error;
      throw new CommandError(`--dir: ${shownPath(folder, base)}: ${messageOfCode(code)}`);
    },
  );
  openScreen(session).say(
    `Signed the key directory until ${expiry}: serve it with the fields in ${shownPath(folder, base)}/headers/.`,
  );
  return EXIT.ended;
}
