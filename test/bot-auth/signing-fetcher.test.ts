import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verify } from 'web-bot-auth';
import { verifierFromJWK } from 'web-bot-auth/crypto';
import { createBotKey, parseBotKey } from '../../adapters/bot-auth/bot-key.ts';
import { RequestSigner } from '../../adapters/bot-auth/request-signer.ts';
import { SigningFetcher } from '../../adapters/bot-auth/signing-fetcher.ts';
import { dialer } from '../../adapters/http/dial.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { botSite } from '../../cli/bot/bot-site.ts';
import { agentOf, type BotForm, DIRECTORY_PATH } from '../../contract/bot-identity.ts';
import { SecuredSites } from '../http/secured-sites.ts';
import { Loopback } from '../http/servers.ts';
import { verifySignature } from './verify-signature.ts';

const ORIGIN = 'https://bot.test';
const key = parseBotKey(createBotKey());
const profile = {
  origin: ORIGIN,
  contact: 'bots@bot.test',
  userAgent: 'test/1',
  purpose: 'A test.',
};
const directory =
  botSite(profile, key.publicJwk, key.thumbprint).find(({ path }) => path === DIRECTORY_PATH)
    ?.content ?? '';

const loopback = new Loopback();
let sites: SecuredSites;
let inner: UndiciFetcher;
/** What servers were sent, in order. */
let seen: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  sites = await SecuredSites.open();
  inner = new UndiciFetcher(
    { allowPrivate: true },
    {
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      build: (options) => dialer({ ...options, ca: sites.ca }),
    },
  );
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await inner.close();
  await sites.close();
  await loopback.close();
});

function signing(form: BotForm) {
  const agent = agentOf(ORIGIN, form);
  const fetcher = new SigningFetcher(inner, new RequestSigner({ key, agent, form }, systemClock));
  return (url: string, headers?: Readonly<Record<string, string>>) =>
    fetcher.fetch({
      url,
      headers,
      timeoutMs: 10_000,
      maxBytes: 1000,
      perHost: 1,
      userAgent: 'test/1',
    });
}

const http1 = () =>
  sites.http1(({ headers }, response) => {
    seen.push(headers);
    response.end('x');
  });
const http2 = () =>
  sites.http2((stream, _, headers) => {
    seen.push(headers);
    stream.respond({ ':status': 200 });
    stream.end('x');
  });

describe.each([
  ['HTTP/1.1', http1],
  ['HTTP/2', http2],
])('requests over TLS and %s', (_, serve) => {
  it.each([
    ['dictionary', `sig1="${ORIGIN}${DIRECTORY_PATH}"`],
    ['string', `"${ORIGIN}"`],
  ] as const)('are signed so that a site can verify them, in the form %s', async (form, agent) => {
    const { url, port } = await serve();
    const fetch = signing(form);
    for (const path of ['a.jpg?x=%20', 'robots.txt'])
      expect(await fetch(`${url}${path}`)).toMatchObject({ kind: 'body' });
    expect(seen).toHaveLength(2);
    for (const headers of seen) {
      expect(verifySignature(headers, `site.test:${port}`, directory)).toEqual({
        keyId: key.thumbprint,
        agent,
        components: ['@authority', 'signature-agent'],
      });
      expect(() => verifySignature(headers, 'other.test', directory)).toThrow('not of this');
    }
  });

  it('keep their signature, whatever headers a run was given', async () => {
    const { url, port } = await serve();
    const given = { 'signature-agent': '"https://other.test"', signature: 'x', referer: ORIGIN };
    await signing('dictionary')(url, given);
    const [headers = {}] = seen;
    expect(verifySignature(headers, `site.test:${port}`, directory).keyId).toBe(key.thumbprint);
    expect(headers['referer']).toBe(ORIGIN);
  });
});

it('signatures in the form string pass the verifier that others use', async () => {
  const { url } = await http1();
  await signing('string')(url);
  const [headers = {}] = seen;
  const request = (change: Readonly<Record<string, string>>) => {
    const fields = new Headers(
      Object.entries({ ...headers, ...change }).map(([name, value]) => [name, String(value)]),
    );
    return new Request(url, { headers: fields });
  };
  const verifier = await verifierFromJWK({ ...key.publicJwk });
  await expect(verify(request({}), verifier)).resolves.toBeUndefined();
  const other = request({ 'signature-agent': '"https://other.test"' });
  await expect(verify(other, verifier)).rejects.toThrow();
});

it('nothing is signed over plain HTTP', async () => {
  const site = await loopback.http(({ headers }, response) => {
    seen.push(headers);
    response.end('x');
  });
  await signing('dictionary')(site.url);
  const names = seen.flatMap((headers) => Object.keys(headers));
  expect(names).toContain('user-agent');
  expect(names.filter((name) => name.startsWith('signature'))).toEqual([]);
});
