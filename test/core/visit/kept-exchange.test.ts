import { describe, expect, it, test } from 'vitest';
import type { ExchangeHead, FetchOutcome } from '../../../core/ports/fetcher.ts';
import { keptExchange } from '../../../core/visit/kept-exchange.ts';
import { body, redirect } from '../scripted-fetcher.ts';
import { TARGET, visitWorld } from '../visit-world.ts';

const HEAD: ExchangeHead = {
  protocol: 'http/1.1',
  request: [
    'GET /start HTTP/1.1',
    'host: a.test',
    'accept: image/*',
    'cookie: session=1',
    'Authorization: Bearer 2',
    'x-token: 3',
    'accept-language: de',
  ].join('\r\n'),
  response: 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1',
};

function withHead(text: string, outcome = body(text), response = HEAD.response): FetchOutcome {
  return outcome.kind === 'failed' ? outcome : { ...outcome, head: { ...HEAD, response } };
}

test('what may be a secret of the operator is not kept, and what is no secret is', () => {
  const headers = [
    { name: 'X-Token', value: '3' },
    { name: 'Accept-Language', value: 'de' },
  ];
  const outcome = withHead('img');
  expect(keptExchange(TARGET, outcome, 0, { headers })).toEqual({
    url: TARGET,
    at: '1970-01-01T00:00:00.000Z',
    request: [
      'GET /start HTTP/1.1',
      'host: a.test',
      'accept: image/*',
      'cookie: (not recorded)',
      'Authorization: (not recorded)',
      'x-token: (not recorded)',
      'accept-language: de',
    ].join('\r\n'),
    response: HEAD.response,
  });
});

test('signatures of addresses are not kept, wherever the address stands', () => {
  const signed = 'https://a.test/x?X-Amz-Signature=abc&w=1';
  const request = `GET /x?X-Amz-Signature=abc&w=1 HTTP/1.1\r\nreferer: ${signed}`;
  const outcome = withHead('', redirect(signed));
  const told =
    outcome.kind === 'failed'
      ? outcome
      : {
          ...outcome,
          head: { ...HEAD, request, response: `HTTP/1.1 302 Found\r\nLocation: ${signed}` },
        };
  expect(keptExchange(signed, told, 0, {})).toMatchObject({
    url: 'https://a.test/x?X-Amz-Signature=-&w=1',
    request:
      'GET /x?X-Amz-Signature=-&w=1 HTTP/1.1\r\nreferer: https://a.test/x?X-Amz-Signature=-&w=1',
  });
  expect(JSON.stringify(keptExchange(signed, told, 0, {}))).not.toContain('abc');
});

describe('a visit of a run for an archive', () => {
  const plan = { settings: { archive: true } };
  const moved = withHead('', redirect('/end'), 'HTTP/1.1 302 Found');

  it('keeps its exchanges in their order', async () => {
    const script = { [TARGET]: moved, 'http://a.test/end': withHead('img') };
    const { go, fetcher } = archiveWorld(script);
    expect(await go()).toMatchObject({
      status: 'succeeded',
      facts: {
        exchanges: [
          { url: TARGET, response: 'HTTP/1.1 302 Found' },
          { url: 'http://a.test/end', response: HEAD.response },
        ],
      },
    });
    const asked = fetcher.requests.filter(({ url }) => !url.endsWith('/robots.txt'));
    expect(asked.map(({ keepsHead }) => keepsHead)).toEqual([true, true]);
  });

  it('keeps none of what is not kept', async () => {
    const { go } = archiveWorld({ [TARGET]: withHead('a page') });
    const end = await go();
    expect(end).toMatchObject({ reason: 'not-an-image' });
    expect(end).not.toHaveProperty('facts.exchanges');
  });

  function archiveWorld(script: Parameters<typeof visitWorld>[0]) {
    return visitWorld({ 'http://a.test/robots.txt': body(''), ...script }, plan);
  }
});
