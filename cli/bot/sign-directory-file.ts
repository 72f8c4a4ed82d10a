import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BotKey } from '../../adapters/bot-auth/bot-key.ts';
import { signDirectory } from '../../adapters/bot-auth/directory-signature.ts';
import { type BotForm, DIRECTORY_PATH } from '../../contract/bot-identity.ts';
import { directoryFiles } from './directory-files.ts';

const DAY_S = 24 * 60 * 60;

/** How a key directory is signed. */
export interface SignedFor {
  /** HTTPS origin that serves it. */
  readonly origin: string;
  readonly form: BotForm;
  /** How long the signature is valid. */
  readonly days: number;
}

/**
 * Signs the key directory below a folder as it is there, and writes the header fields that it is
 * served with. Gives the day of their expiry, as `2027-11-28`.
 */
export async function signDirectoryFile(
  folder: string,
  keys: readonly BotKey[],
  { origin, form, days }: SignedFor,
  nowMs: number,
): Promise<string> {
  const body = await readFile(join(folder, 'site', DIRECTORY_PATH));
  const created = Math.floor(nowMs / 1000);
  const expires = created + days * DAY_S;
  const { host: authority } = new URL(origin);
  const signed = signDirectory({ authority, body, created, expires, form }, keys);
  await mkdir(join(folder, 'headers'), { recursive: true });
  for (const { path, content } of directoryFiles(signed))
    await writeFile(join(folder, 'headers', path), content);
  return new Date(expires * 1000).toISOString().slice(0, 10);
}
