import type { FetchFailure } from '../../core/ports/fetcher.ts';
import { AddressBlockedError } from './address-guard.ts';
import { NameLookupError } from './name-lookups.ts';

/** Error codes of Node and undici that mean one thing whenever they come. */
const BY_CODE: Readonly<Record<string, FetchFailure>> = {
  ENOTFOUND: 'dns-failed',
  EAI_AGAIN: 'dns-failed',
  EAI_FAIL: 'dns-failed',
  EAI_NODATA: 'dns-failed',
  ECONNREFUSED: 'connection-failed',
  EHOSTUNREACH: 'connection-failed',
  ENETUNREACH: 'connection-failed',
  EADDRNOTAVAIL: 'connection-failed',
  EACCES: 'connection-failed',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'protocol-error',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  EPROTO: 'tls-failed',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-failed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-failed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-failed',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-failed',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-failed',
  HOSTNAME_MISMATCH: 'tls-failed',
};

/** A broken exchange as a reason: `answered` tells whether the head of an answer had come. */
export function failureOf(
  error: Error,
  answered: boolean,
): { readonly reason: FetchFailure; readonly detail: string } {
  return { reason: reasonOf(error, answered), detail: detailOf(error) };
}

function reasonOf(error: Error, answered: boolean): FetchFailure {
  if (error instanceof AddressBlockedError) return 'address-blocked';
  if (error instanceof NameLookupError) return 'dns-failed';
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (/^(ERR_TLS|ERR_SSL|CERT_)/.test(code)) return 'tls-failed';
  if (error.name === 'HTTPParserError' && !isEndOfFile(error)) return 'protocol-error';
  return answered ? 'truncated' : 'connection-lost';
}

/** The parser's words for a connection that closed inside a message; undici leaves its code out. */
function isEndOfFile({ message }: Error): boolean {
  return message.includes('Invalid EOF state');
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function detailOf(error: Error): string {
  const text = error.message === '' ? codeOf(error) : error.message;
  return text.replace(/\p{C}/gu, ' ').slice(0, 200);
}
