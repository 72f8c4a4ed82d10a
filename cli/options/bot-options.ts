import { type Command, Option } from 'commander';
import { type BotForm, botForm, botOrigin } from '../../contract/bot-identity.ts';
import { CommandError } from '../command-error.ts';
import { notEmpty } from './option-sets.ts';

/** How long the signature of a key directory is valid. */
const DAYS = '365';

/** Adds what both commands about the files of a bot need. */
export function addBotFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--origin <url>', 'HTTPS origin that will serve the files')
        .makeOptionMandatory()
        .argParser(httpsOrigin),
    )
    .addOption(
      new Option('--dir <dir>', 'folder for the files')
        .default('bot')
        .argParser(notEmpty('--dir', 'a folder')),
    )
    .addOption(
      new Option(
        '--form <form>',
        'how the key directory is signed: dictionary, or string as before',
      )
        .choices(botForm.options)
        .default('dictionary' satisfies BotForm),
    )
    .addOption(
      new Option('--days <n>', 'how long the signature of the key directory is valid')
        .default(DAYS)
        .argParser(dayCount),
    );
}

/** @throws CommandError */
function httpsOrigin(text: string): string {
  const origin = botOrigin.safeParse(text);
  if (origin.success) return origin.data;
  throw new CommandError(`--origin: ${origin.error.issues[0]?.message ?? ''}`);
}

/** @throws CommandError */
function dayCount(text: string): string {
  if (/^[1-9]\d{0,3}$/.test(text)) return text;
  throw new CommandError(`--days: expected a number of days from 1 to 9999, got "${text}"`);
}
