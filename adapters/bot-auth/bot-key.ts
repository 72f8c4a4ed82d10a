import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
} from 'node:crypto';
import * as z from 'zod';

/** The public half of an Ed25519 key as a JSON Web Key (RFC 8037, section 2). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** The public key in base64url. */
  readonly x: string;
}

/** A key that signs requests. */
export interface BotKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
  /** JWK thumbprint in base64url (RFC 7638; RFC 8037, appendix A.3): the `keyid` of signatures. */
  readonly thumbprint: string;
}

const base64url = z.string().regex(/^[\w-]{43}$/, 'expected 32 bytes in base64url');
const privateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: base64url,
  d: base64url,
});

/** The text is not the key of a bot. */
export class BotKeyError extends Error {
  override readonly name = 'BotKeyError';
}

/** Reads a private Ed25519 key, as a JSON Web Key. @throws BotKeyError that never quotes the key */
export function parseBotKey(text: string): BotKey {
  const { x, d } = parsed(text);
  try {
    const privateKey = createPrivateKey({
      key: { kty: 'OKP', crv: 'Ed25519', x, d },
      format: 'jwk',
    });
    const { x: derived } = createPublicKey(privateKey).export({ format: 'jwk' });
    if (derived !== x) throw new BotKeyError('the public part does not belong to the private one');
    return {
      privateKey,
      publicJwk: { kty: 'OKP', crv: 'Ed25519', x },
      thumbprint: thumbprintOf(x),
    };
  } catch (error) {
    if (error instanceof BotKeyError) throw error;
    throw new BotKeyError('not an Ed25519 key');
  }
}

function parsed(text: string): z.output<typeof privateJwk> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BotKeyError('not JSON: expected a private Ed25519 key as a JSON Web Key');
  }
  const result = privateJwk.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new BotKeyError(problems.join('; '));
}

/** Makes a key; the text is its private JSON Web Key, to be kept secret. */
export function createBotKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x, d } = privateKey.export({ format: 'jwk' });
  return `${JSON.stringify({ kty, crv, x, d })}\n`;
}

/** The required members in the order of their names, without space (RFC 7638, section 3). */
function thumbprintOf(x: string): string {
  return hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url');
}
