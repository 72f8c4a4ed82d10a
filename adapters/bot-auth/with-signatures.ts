import { readFile } from 'node:fs/promises';
import type { BotForm } from '../../contract/bot-identity.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Fetcher } from '../../core/ports/fetcher.ts';
import { readSecret } from '../aws/read-secret.ts';
import { BotKeyError, parseBotKey } from './bot-key.ts';
import { RequestSigner } from './request-signer.ts';
import { SigningFetcher } from './signing-fetcher.ts';

/** The part of a worker's environment that says how requests are signed. */
interface BotEnvironment {
  readonly BOT_KEY_FILE?: string;
  readonly BOT_KEY_SECRET?: string;
  readonly BOT_AGENT?: string;
  readonly BOT_FORM: BotForm;
}

/**
 * The fetcher, with its requests signed where the environment names a key: without one nothing is
 * read, and nothing is put in its way. Rejects when the key cannot be read, with a message that
 * never quotes it: a worker that should sign does not start without its key.
 */
export async function withSignatures(
  fetcher: Fetcher,
  environment: BotEnvironment,
  clock: Clock,
): Promise<Fetcher> {
  const { BOT_KEY_FILE, BOT_KEY_SECRET, BOT_AGENT, BOT_FORM } = environment;
  const source = BOT_KEY_FILE ?? BOT_KEY_SECRET;
  if (source === undefined) return fetcher;
  if (BOT_AGENT === undefined) throw new BotKeyError('a key without BOT_AGENT, its key directory');
  const text = await (BOT_KEY_FILE === undefined ? readSecret(source) : readFile(source, 'utf8'));
  const identity = { key: parseBotKey(text), agent: BOT_AGENT, form: BOT_FORM };
  return new SigningFetcher(fetcher, new RequestSigner(identity, clock));
}
