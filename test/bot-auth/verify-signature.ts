import { createPublicKey, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseDictionary } from 'structured-headers';
import { z } from 'zod';

const directory = z.object({
  keys: z.array(
    z.object({ kty: z.string(), crv: z.string(), x: z.string(), kid: z.string(), use: z.string() }),
  ),
});
const parameters = z.object({
  created: z.int(),
  expires: z.int(),
  keyid: z.string(),
  tag: z.literal('web-bot-auth'),
  nonce: z.string(),
});

/** What a site learns from the signature of a request. */
export interface Verified {
  readonly keyId: string;
  /** The value of `Signature-Agent`, as it was sent. */
  readonly agent: string;
  readonly components: readonly string[];
}

/**
 * Verifies a signed request as a site would (RFC 9421, section 3.2), with the text of the key
 * directory, and with parsers that are not the signer's. Throws when anything is wrong.
 */
export function verifySignature(
  headers: IncomingHttpHeaders,
  authority: string,
  directoryText: string,
  nowMs = Date.now(),
): Verified {
  const input = String(headers['signature-input']);
  const agent = String(headers['signature-agent']);
  const [[label, inner] = []] = parseDictionary(input);
  if (label === undefined || inner === undefined || !Array.isArray(inner[0]))
    throw new Error(`no signature: ${input}`);
  const [items, given] = inner;
  const { created, expires, keyid } = parameters.parse(Object.fromEntries(given));
  if (nowMs < created * 1000 - 1000 || nowMs > expires * 1000) throw new Error('not valid now');
  const lines = items.map((item) => {
    const [name, about] = item;
    const member = about.get('key');
    if (name === '@authority') return `"@authority": ${authority}`;
    if (name !== 'signature-agent') throw new Error(`unexpected: ${String(name)}`);
    if (member === undefined) return `"signature-agent": ${agent}`;
    const [value] = parseDictionary(agent).get(String(member)) ?? [];
    return `"signature-agent";key="${String(member)}": ${JSON.stringify(value)}`;
  });
  lines.push(`"@signature-params": ${input.slice(label.length + 1)}`);
  const [signature] = parseDictionary(String(headers['signature'])).get(label) ?? [];
  if (!(signature instanceof ArrayBuffer)) throw new Error('no bytes of a signature');
  const { keys } = directory.parse(JSON.parse(directoryText));
  const key = keys.find(({ kid }) => kid === keyid);
  if (key === undefined) throw new Error(`no key ${keyid} in the directory`);
  const publicKey = createPublicKey({ key, format: 'jwk' });
  if (!verify(null, Buffer.from(lines.join('\n')), publicKey, Buffer.from(signature)))
    throw new Error('the signature is not of this request');
  return { keyId: keyid, agent, components: items.map(([name]) => String(name)) };
}
