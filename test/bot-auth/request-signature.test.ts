import { describe, expect, it } from 'vitest';
import { BotKeyError, createBotKey, parseBotKey } from '../../adapters/bot-auth/bot-key.ts';
import { signRequest } from '../../adapters/bot-auth/request-signature.ts';

/** The Ed25519 test key of RFC 9421, appendix B.1.4. */
const RFC_KEY = parseBotKey(
  JSON.stringify({
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
    x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
  }),
);

const TERMS = {
  authority: 'example.com',
  agent: 'https://signature-agent.test',
  created: 1_735_689_600,
  label: 'sig2',
} as const;

describe('a signed request', () => {
  it('has the thumbprint of the vectors for its key', () => {
    expect(RFC_KEY.thumbprint).toBe('poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U');
  });

  it('is the vector of draft-ietf-webbotauth-httpsig-protocol-01 for Ed25519', () => {
    const nonce =
      'n9p433xm+NJ3ph3upfBIGmsuwHw387YV7Q/F+6BSpGCVjYCqQw6rznNA8PVVLySrAWsv0hQtFioQb6E1YsauiA==';
    const terms = { ...TERMS, expires: 4_889_289_600, nonce, form: 'dictionary' } as const;
    expect(signRequest(terms, RFC_KEY)).toEqual({
      'signature-agent': 'sig2="https://signature-agent.test"',
      'signature-input':
        'sig2=("@authority" "signature-agent";key="sig2");created=1735689600' +
        ';keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";alg="ed25519"' +
        `;expires=4889289600;nonce="${nonce}";tag="web-bot-auth"`,
      signature:
        'sig2=:CGokAoY/FrPpyuzTe1Fb2kLTAH9Idw6qSFd1+D77r1firsMRCxeuLu5e6O+ek3zQgDMAzjiXtLVfqE00xnABCQ==:',
    });
  });

  it('is the vector of the older form', () => {
    const nonce =
      'e8N7S2MFd/qrd6T2R3tdfAuuANngKI7LFtKYI/vowzk4lAZYadIX6wW25MwG7DCT9RUKAJ0qVkU0mEeLElW1qg==';
    const terms = { ...TERMS, expires: 1_735_693_200, nonce, form: 'string' } as const;
    const headers = signRequest(terms, RFC_KEY);
    expect(headers['signature-agent']).toBe('"https://signature-agent.test"');
    expect(headers.signature).toBe(
      'sig2=:jdq0SqOwHdyHr9+r5jw3iYZH6aNGKijYp/EstF4RQTQdi5N5YYKrD+mCT1HA1nZDsi6nJKuHxUi/5Syp3rLWBA==:',
    );
  });
});

describe('a key', () => {
  it('that was made is read back', () => {
    const text = createBotKey();
    const { x } = JSON.parse(text);
    expect(parseBotKey(text).publicJwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x });
    expect(createBotKey()).not.toBe(text);
  });

  it.each([
    ['', 'not JSON'],
    ['-----BEGIN PRIVATE KEY-----', 'not JSON'],
    ['{}', 'kty'],
    ['{"kty":"RSA","n":"x"}', 'kty'],
    [JSON.stringify({ ...JSON.parse(createBotKey()), d: undefined }), 'd:'],
    [JSON.stringify({ ...JSON.parse(createBotKey()), x: 'short' }), 'x: expected 32 bytes'],
    [
      JSON.stringify({ ...JSON.parse(createBotKey()), x: RFC_KEY.publicJwk.x }),
      'the public part does not belong',
    ],
  ])('%# that is invalid is refused', (text, problem) => {
    const parse = () => parseBotKey(text);
    expect(parse).toThrow(BotKeyError);
    expect(parse).toThrow(problem);
  });

  it('is never quoted in an error', () => {
    const { d } = JSON.parse(createBotKey());
    const parse = () => parseBotKey(JSON.stringify({ kty: 'OKP', crv: 'X25519', x: d, d }));
    expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining(d) }));
  });
});
