import { hash, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { directoryResponseHeaders } from 'web-bot-auth';
import { type BotKey, createBotKey, parseBotKey } from '../../adapters/bot-auth/bot-key.ts';
import { signDirectory } from '../../adapters/bot-auth/directory-signature.ts';

const KEY = parseBotKey(createBotKey());
const OTHER = parseBotKey(createBotKey());
const TERMS = {
  authority: 'bot.test',
  body: Buffer.from('{"keys":[]}'),
  created: 1_735_689_600,
  expires: 1_735_693_200,
};

describe('the answer of a key directory', () => {
  it('is signed in the older form as the package web-bot-auth does it, bit for bit', async () => {
    const { thumbprint: keyid, privateKey } = KEY;
    const signer = {
      keyid,
      alg: 'ed25519' as const,
      sign: (data: string) => sign(null, Buffer.from(data), privateKey),
    };
    const foreign = await directoryResponseHeaders(
      {
        request: { method: 'GET', url: 'https://bot.test/', headers: {} },
        response: { status: 200, headers: {} },
      },
      [signer],
      { created: new Date(TERMS.created * 1000), expires: new Date(TERMS.expires * 1000) },
    );
    const own = signDirectory({ ...TERMS, form: 'string' }, [KEY]);
    const renamed = (text: string) => text.replace(/^binding0=/, 'sig1=');
    expect(own).toEqual({
      'content-digest': undefined,
      'signature-input': renamed(foreign['Signature-Input']),
      signature: renamed(foreign.Signature),
    });
  });

  it('covers its content in the newer form, so that no other keys can be served with it', () => {
    const signed = signDirectory({ ...TERMS, form: 'dictionary' }, [KEY]);
    const digest = `sha-256=:${hash('sha256', '{"keys":[]}', 'base64')}:`;
    expect(signed['content-digest']).toBe(digest);
    const parameters = signed['signature-input'].replace('sig1=', '');
    expect(parameters).toMatch(/^\("@authority";req "content-digest"\);created=1735689600;keyid="/);
    expect(parameters).toContain(';tag="http-message-signatures-directory"');
    const base = [
      '"@authority";req: bot.test',
      `"content-digest": ${digest}`,
      `"@signature-params": ${parameters}`,
    ].join('\n');
    const bytes = Buffer.from(signed.signature.slice('sig1=:'.length, -1), 'base64');
    const isBy = ({ publicJwk }: BotKey) =>
      verify(null, Buffer.from(base), { key: { ...publicJwk }, format: 'jwk' }, bytes);
    expect([isBy(KEY), isBy(OTHER)]).toEqual([true, false]);
  });

  it('has a signature of each key while two are served', () => {
    const signed = signDirectory({ ...TERMS, form: 'dictionary' }, [KEY, OTHER]);
    expect(signed.signature).toMatch(/^sig1=:\S+:, sig2=:\S+:$/);
    expect(signed['signature-input']).toContain(`keyid="${KEY.thumbprint}"`);
    expect(signed['signature-input']).toContain(`keyid="${OTHER.thumbprint}"`);
  });
});
