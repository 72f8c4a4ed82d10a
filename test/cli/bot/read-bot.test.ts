import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBotKey } from '../../../adapters/bot-auth/bot-key.ts';
import { readBot } from '../../../cli/bot/read-bot.ts';
import { CommandError } from '../../../cli/command-error.ts';
import { runMain } from '../run-main.ts';

const ORIGIN = 'https://bot.test';
const SECRET = JSON.parse(createBotKey()).d;

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'bot-read-'));
  await writeFile(join(base, 'key.json'), createBotKey());
  await writeFile(join(base, 'broken.json'), JSON.stringify({ kty: 'OKP', d: SECRET }));
  await writeFile(join(base, 'list.txt'), 'http://127.0.0.1/a.jpg\n');
});
afterAll(() => rm(base, { recursive: true, force: true }));

it('requests are not signed where nothing is said', async () => {
  expect(await readBot({}, base)).toBeUndefined();
});

it.each([
  [undefined, 'dictionary', `${ORIGIN}/.well-known/http-message-signatures-directory`],
  ['string', 'string', ORIGIN],
])('a key and an origin are an identity; form %s', async (botForm, form, agent) => {
  const typed = { botKey: 'key.json', botOrigin: `${ORIGIN}/`, botForm };
  expect(await readBot(typed, base)).toEqual({ keyFile: join(base, 'key.json'), agent, form });
});

it.each([
  [{ botKey: 'key.json' }, '--bot-key: needs --bot-origin'],
  [{ botOrigin: ORIGIN }, '--bot-origin: needs --bot-key'],
  [{ botForm: 'string' }, '--bot-form: needs'],
  [{ botKey: 'key.json', botOrigin: 'http://bot.test' }, '--bot-origin: expected an HTTPS origin'],
  [{ botKey: 'key.json', botOrigin: `${ORIGIN}/x` }, '--bot-origin: expected an HTTPS origin'],
  [{ botKey: 'key.json', botOrigin: ORIGIN, botForm: 'list' }, 'expected dictionary or string'],
  [{ botKey: 'no.json', botOrigin: ORIGIN }, '--bot-key: no.json: no such file or directory'],
  [{ botKey: '.', botOrigin: ORIGIN }, '--bot-key: .: it is a directory'],
  [{ botKey: 'broken.json', botOrigin: ORIGIN }, '--bot-key: broken.json: crv'],
])('%j is refused', async (typed, message) => {
  const error: unknown = await readBot(typed, base).catch((reason) => reason);
  expect(error).toBeInstanceOf(CommandError);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain(SECRET);
});

it('a stack has its identity among its settings', async () => {
  const words = ['run', 'list.txt', '--stack', 'S', '--bot-key', 'key.json'];
  const { exitCode, stderr } = await runMain(base, words);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--bot-key.*--stack/);
});
