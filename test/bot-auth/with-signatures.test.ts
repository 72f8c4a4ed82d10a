import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSecret } from '../../adapters/aws/read-secret.ts';
import { createBotKey, parseBotKey } from '../../adapters/bot-auth/bot-key.ts';
import { withSignatures } from '../../adapters/bot-auth/with-signatures.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { agentOf } from '../../contract/bot-identity.ts';
import type { Fetcher, FetchRequest } from '../../core/ports/fetcher.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { freshFolder } from '../fresh-folder.ts';
import { Loopback } from '../http/servers.ts';

const AGENT = agentOf('https://bot.test', 'dictionary');

class NotedFetcher implements Fetcher {
  readonly requests: FetchRequest[] = [];

  async fetch(request: FetchRequest) {
    this.requests.push(request);
    return { kind: 'no-body', httpStatus: 404, headers: {} } as const;
  }
}

async function fileWith(text: string): Promise<string> {
  const folder = await freshFolder();
  const path = join(folder, 'key.json');
  await writeFile(path, text);
  return path;
}

const request = (url: string) => ({ url, timeoutMs: 1, maxBytes: 1, perHost: 1, userAgent: 'x' });

it('a worker without a key has its fetcher as it is', async () => {
  const fetcher = new NotedFetcher();
  const environment = { BOT_AGENT: AGENT, BOT_FORM: 'dictionary' } as const;
  expect(await withSignatures(fetcher, environment, systemClock)).toBe(fetcher);
});

it('a key in a file signs requests', async () => {
  const text = createBotKey();
  const fetcher = new NotedFetcher();
  const environment = {
    BOT_KEY_FILE: await fileWith(text),
    BOT_AGENT: AGENT,
    BOT_FORM: 'dictionary',
  } as const;
  const signing = await withSignatures(fetcher, environment, systemClock);
  await signing.fetch(request('https://a.test/'));
  await signing.fetch(request('http://a.test/'));
  const [secured, clear] = fetcher.requests;
  const { thumbprint } = parseBotKey(text);
  expect(secured?.headers?.['signature-input']).toContain(`keyid="${thumbprint}"`);
  expect(secured?.headers?.['signature-agent']).toBe(`sig1="${AGENT}"`);
  expect(clear?.headers).toBeUndefined();
});

it('a key that cannot be read is an error without the key', async () => {
  const { d } = JSON.parse(createBotKey());
  const path = await fileWith(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d }));
  const environment = { BOT_KEY_FILE: path, BOT_AGENT: AGENT, BOT_FORM: 'string' } as const;
  const started = withSignatures(new NotedFetcher(), environment, systemClock);
  const error = await started.catch((reason) => reason);
  expect(String(error)).toMatch(/^BotKeyError: x: /);
  expect(String(error)).not.toContain(d);
});

it('a key without an agent is an error', async () => {
  const environment = { BOT_KEY_FILE: await fileWith(createBotKey()), BOT_FORM: 'string' } as const;
  const started = withSignatures(new NotedFetcher(), environment, systemClock);
  await expect(started).rejects.toThrow('BOT_AGENT');
});

it.each([
  ['text', { SecretString: 'the key' }, 'the key'],
  ['bytes', { SecretBinary: 'AAAA' }, 'Error: the secret crawler/bot-key is not text'],
])('a secret that is %s is read once, by its name', async (_, answer, expected) => {
  const loopback = new Loopback();
  onTestFinished(() => loopback.close());
  const asked: unknown[] = [];
  const { url } = await loopback.http((incoming, response) => {
    incoming.on('data', (piece) => {
      asked.push([incoming.headers['x-amz-target'], JSON.parse(String(piece))]);
    });
    incoming.on('end', () => response.end(JSON.stringify(answer)));
  });
  const read = readSecret('crawler/bot-key', { ...LOCAL_IDENTITY, endpoint: url });
  expect(await read.catch(String)).toBe(expected);
  expect(asked).toEqual([['secretsmanager.GetSecretValue', { SecretId: 'crawler/bot-key' }]]);
});
