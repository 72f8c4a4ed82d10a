import { hash } from 'node:crypto';
import type { BotForm } from '../../contract/bot-identity.ts';
import type { BotKey } from './bot-key.ts';
import { type Component, signMessage } from './message-signature.ts';

/** The answer of a key directory that is signed, and for how long. */
export interface DirectoryTerms {
  /** The authority that serves it, in lower case, without the default port. */
  readonly authority: string;
  /** The bytes that are served, uncompressed. */
  readonly body: Uint8Array;
  /** Seconds since 1970. */
  readonly created: number;
  /** Seconds since 1970. */
  readonly expires: number;
  /** `dictionary` covers the content, too; verifiers of the older form know only the authority. */
  readonly form: BotForm;
}

/** Header fields of the answer, by their names. */
export interface DirectoryHeaders {
  /** Absent in the older form. */
  readonly 'content-digest'?: string;
  readonly 'signature-input': string;
  readonly signature: string;
}

/**
 * Signs the answer of a key directory with each key that is in it, so that nobody else can serve
 * the keys under a name of their own (draft-meunier-http-message-signatures-directory; RFC 9421,
 * section 2.4, for what is of the request). The fields are the same for every request: any server of
 * static files can send them.
 */
export function signDirectory(terms: DirectoryTerms, keys: readonly BotKey[]): DirectoryHeaders {
  const digest = `sha-256=:${hash('sha256', terms.body, 'base64')}:`;
  const covered: Component[] = [['"@authority";req', terms.authority]];
  if (terms.form === 'dictionary') covered.push(['"content-digest"', digest]);
  const { created, expires } = terms;
  const parameters = { created, expires, tag: 'http-message-signatures-directory' };
  const signed = keys.map((key, at) => {
    return { label: `sig${at + 1}`, ...signMessage(covered, parameters, key) };
  });
  return {
    'content-digest': terms.form === 'dictionary' ? digest : undefined,
    'signature-input': signed.map(({ label, input }) => `${label}=${input}`).join(', '),
    signature: signed.map(({ label, signature }) => `${label}=${signature}`).join(', '),
  };
}
