import type { BotForm } from '../../contract/bot-identity.ts';
import type { BotKey } from './bot-key.ts';
import { signMessage } from './message-signature.ts';

/** What a signature says. */
export interface SignatureTerms {
  /** The authority that is asked (RFC 9421, section 2.2.3): in lower case, without the default port. */
  readonly authority: string;
  /** Address of the key directory (or, in the older form, of the agent). */
  readonly agent: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly nonce: string;
  /** The name of the signature, and in a dictionary of the agent. */
  readonly label: string;
  readonly form: BotForm;
}

/** The three headers of a signed request. */
export interface SignatureHeaders {
  readonly 'signature-agent': string;
  readonly 'signature-input': string;
  readonly signature: string;
}

/** Signs a request (RFC 9421; Web Bot Auth, "Generating HTTP Message Signature"). */
export function signRequest(terms: SignatureTerms, key: BotKey): SignatureHeaders {
  const { authority, label, form, created, expires, nonce } = terms;
  const agent = JSON.stringify(terms.agent);
  const component = form === 'string' ? '"signature-agent"' : `"signature-agent";key="${label}"`;
  const { input, signature } = signMessage(
    [
      ['"@authority"', authority],
      [component, agent],
    ],
    { created, expires, nonce, tag: 'web-bot-auth' },
    key,
  );
  return {
    'signature-agent': form === 'string' ? agent : `${label}=${agent}`,
    'signature-input': `${label}=${input}`,
    signature: `${label}=${signature}`,
  };
}
