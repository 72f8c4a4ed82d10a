import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { createBotKey, parseBotKey } from '../../adapters/bot-auth/bot-key.ts';
import { botForm, DIRECTORY_PATH } from '../../contract/bot-identity.ts';
import { productTokenOf } from '../../core/model/product-token.ts';
import { botSite } from '../bot/bot-site.ts';
import { signDirectoryFile } from '../bot/sign-directory-file.ts';
import { CommandError } from '../command-error.ts';
import { errorCode } from '../deployment/system-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addBotFileOptions } from '../options/bot-options.ts';
import { checkFolder, shownPath } from '../options/folders.ts';
import { notEmpty } from '../options/option-sets.ts';
import { openScreen, type Session } from '../session.ts';

const options = z.object({
  origin: z.string(),
  contact: z.string(),
  userAgent: z.string().optional(),
  purpose: z.string(),
  dir: z.string(),
  form: botForm,
  days: z.coerce.number(),
});

/** `crawl bot` */
export function describeBot(program: Command): Command {
  return program.command('bot').description('an identity that sites can verify (Web Bot Auth)');
}

/** `crawl bot init` */
export function describeBotInit(bot: Command): Command {
  const command = bot
    .command('init')
    .description('make a key and the public files of a bot: key directory, page, agent card')
    .addOption(
      new Option('--contact <address>', 'e-mail address or HTTPS URL of a person')
        .makeOptionMandatory()
        .argParser(contactAddress),
    )
    .addOption(new Option('--user-agent <text>', 'User-Agent to send; the bot page is added to it'))
    .addOption(
      new Option('--purpose <text>', 'what the images are used for, for the bot page')
        .default('It downloads images.')
        .argParser(notEmpty('--purpose', 'a sentence')),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ npx crawl bot init --origin https://bot.example.com --contact bots@example.com',
    );
  return addBotFileOptions(command);
}

/** Makes the files; a key that is there already is never replaced. */
export async function botInitCommand(given: unknown, session: Session): Promise<ExitCode> {
  const { origin, contact, purpose, dir, form, days, ...typed } = options.parse(given);
  const { userAgent = 'image-crawler/1.0' } = typed;
  const folder = resolve(session.base, dir);
  await checkFolder('--dir', folder);
  const agent = `${userAgent} (+${origin}/)`;
  // A name that is a browser's is nobody's: owners could not say anything to it.
  if (['', 'mozilla'].includes(productTokenOf(agent).toLowerCase()))
    throw new CommandError('--user-agent: expected a product name such as my-crawler/1.0');
  const keyFile = join(folder, 'key.json');
  const text = createBotKey();
  await writeNew(keyFile, text, session.base);
  const key = parseBotKey(text);
  const { publicJwk, thumbprint } = key;
  const files = botSite({ origin, contact, userAgent: agent, purpose }, publicJwk, thumbprint);
  for (const { path, content } of files) await write(join(folder, 'site', path), content);
  const expiry = await signDirectoryFile(folder, [key], { origin, form, days }, Date.now());
  // The key must not get into a repository together with the rest.
  await write(join(folder, '.gitignore'), 'key.json\n');
  const screen = openScreen(session);
  for (const line of nextSteps(origin, agent, shownPath(folder, session.base), expiry))
    screen.say(line);
  return EXIT.ended;
}

function nextSteps(
  origin: string,
  agent: string,
  folder: string,
  expiry: string,
): readonly string[] {
  return [
    `Made ${folder}/key.json (secret: keep it out of repositories) and ${folder}/site/ (public).`,
    '',
    `1. Serve ${folder}/site/ at ${origin}/ over HTTPS; the key directory is`,
    `   ${origin}${DIRECTORY_PATH}`,
    `   with the header fields in ${folder}/headers/ (nginx.conf, _headers, s3.json). Its signature is`,
    `   valid until ${expiry}: make another with crawl bot sign.`,
    `2. Crawl with it: npx crawl run LIST --bot-key ${folder}/key.json --bot-origin ${origin} --user-agent "${agent}"`,
    '   (in a stack: the setting webBotAuth, see docs/bot.md)',
  ];
}

/** @throws CommandError when there is a file already */
async function writeNew(path: string, text: string, base: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    throw new CommandError(
      `${shownPath(path, base)} is there already: remove it, or choose another --dir`,
    );
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** @throws CommandError */
function contactAddress(text: string): string {
  const isMail = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text);
  if (isMail || URL.parse(text)?.protocol === 'https:') return text;
  throw new CommandError(`--contact: expected an e-mail address or an HTTPS URL, got "${text}"`);
}
