import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createBotKey, parseBotKey } from '../../adapters/bot-auth/bot-key.ts';
import { RequestSigner } from '../../adapters/bot-auth/request-signer.ts';

const AGENT = 'https://bot.test/.well-known/http-message-signatures-directory';
const START_MS = 1_750_000_000_000;

function signerAt() {
  const key = parseBotKey(createBotKey());
  const clock = { nowMs: START_MS, now: () => clock.nowMs, sleep: () => Promise.resolve() };
  return {
    key,
    clock,
    signer: new RequestSigner({ key, agent: AGENT, form: 'dictionary' }, clock),
  };
}

describe('a signer of requests', () => {
  it('uses one signature an authority for less than a minute', () => {
    const { clock, signer } = signerAt();
    const first = signer.headersFor('https://a.test/1');
    clock.nowMs += 44_000;
    expect(signer.headersFor('https://a.test/2?x')).toBe(first);
    clock.nowMs += 2_000;
    expect(signer.headersFor('https://a.test/3')).not.toEqual(first);
  });

  it('signs for each authority, with its port', () => {
    const { signer } = signerAt();
    const all = ['https://a.test/', 'https://b.test/', 'https://a.test:8443/'].map((url) =>
      signer.headersFor(url),
    );
    expect(new Set(all.map((one) => one?.signature)).size).toBe(3);
    expect(signer.headersFor('HTTPS://A.test:443/x')).toBe(all[0]);
  });

  it('does not sign over plain HTTP', () => {
    expect(signerAt().signer.headersFor('http://a.test/')).toBeUndefined();
  });

  it('makes what a verifier with the public key accepts', () => {
    const { key, signer } = signerAt();
    const headers = signer.headersFor('https://a.test:8443/x');
    if (headers === undefined) throw new Error('not signed');
    const parameters = headers['signature-input'].slice('sig1='.length);
    const base =
      `"@authority": a.test:8443\n"signature-agent";key="sig1": ${JSON.stringify(AGENT)}\n` +
      `"@signature-params": ${parameters}`;
    const signature = Buffer.from(headers.signature.slice('sig1=:'.length, -1), 'base64');
    const publicKey = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' });
    expect(verify(null, Buffer.from(base), publicKey, signature)).toBe(true);
    const { created, expires } =
      /created=(?<created>\d+).*expires=(?<expires>\d+)/.exec(parameters)?.groups ?? {};
    expect([Number(created), Number(expires)]).toEqual([START_MS / 1000, START_MS / 1000 + 90]);
  });

  it('keeps a bounded number of signatures', () => {
    const { signer } = signerAt();
    const first = signer.headersFor('https://first.test/');
    for (let n = 0; n < 4096; n += 1) signer.headersFor(`https://h${n}.test/`);
    expect(signer.headersFor('https://first.test/')).not.toBe(first);
  });
});
