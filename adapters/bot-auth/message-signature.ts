import { sign } from 'node:crypto';
import type { BotKey } from './bot-key.ts';

/** A component of a message that a signature covers, with its value. */
export type Component = readonly [identifier: string, value: string];

/** What a signature says besides its components. */
export interface SignatureParameters {
  /** Seconds since 1970. */
  readonly created: number;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly nonce?: string;
  /** What the signature is for. */
  readonly tag: string;
}

/** A signature as members of the two header fields, without its label. */
export interface MessageSignature {
  readonly input: string;
  readonly signature: string;
}

/** Signs components of a message with Ed25519 (RFC 9421, section 3.1). */
export function signMessage(
  covered: readonly Component[],
  { created, expires, nonce, tag }: SignatureParameters,
  { privateKey, thumbprint }: BotKey,
): MessageSignature {
  const input = [
    `(${covered.map(([identifier]) => identifier).join(' ')})`,
    `created=${created}`,
    `keyid="${thumbprint}"`,
    'alg="ed25519"',
    `expires=${expires}`,
    nonce === undefined ? [] : `nonce="${nonce}"`,
    `tag="${tag}"`,
  ]
    .flat()
    .join(';');
  const lines = [...covered, ['"@signature-params"', input]];
  const base = lines.map(([identifier, value]) => `${identifier}: ${value}`).join('\n');
  const signature = sign(null, Buffer.from(base), privateKey).toString('base64');
  return { input, signature: `:${signature}:` };
}
