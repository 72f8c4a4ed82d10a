import type { FetchFailure } from '../../core/ports/fetcher.ts';
import { NameLookupError } from '../dns/resolve-name.ts';
import { AddressBlockedError } from './address-guard.ts';
import { HostDeniedError } from './host-rules.ts';
import { ProxyError } from './tunnel.ts';

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
};

/** The system has no descriptor or no memory for another socket. */
const OF_THE_PLATFORM: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** An infrastructure error: this machine refuses a socket, whatever the site may do. */
export class NoSocketError extends Error {
  override readonly name = 'NoSocketError';
}

/** What Node says of a certificate or a handshake: its list is long, and grows with OpenSSL's. */
const OF_TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|UNABLE_TO_|ERROR_IN_C|INVALID_(CA|PURPOSE)|(DEPTH_ZERO_)?SELF_SIGNED_CERT|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED|AKID_)/;

/** The error to reject with where a failure is this machine's; undefined where it is the site's. */
export function platformFaultOf(error: Error): NoSocketError | undefined {
  // A name with several addresses: one attempt without a descriptor says nothing of the site.
  const attempts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  for (const one of [error, error.cause, ...attempts]) {
    if (!(one instanceof Error) || !OF_THE_PLATFORM.has(codeOf(one))) continue;
    return new NoSocketError(`no socket for a request: ${codeOf(one)}`, { cause: error });
  }
  return undefined;
}

/** A broken exchange as a reason: `answered` tells whether the head of an answer had come. */
export function failureOf(
  error: Error,
  answered: boolean,
): { readonly reason: FetchFailure; readonly detail: string } {
  // undici says so of every head that breaks behind its length; no byte of a body was awaited yet.
  if (!answered && codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return { reason: 'protocol-error', detail: 'the head of the answer is not valid HTTP' };
  return { reason: reasonOf(error, answered), detail: detailOf(error) };
}

function reasonOf(error: Error, answered: boolean): FetchFailure {
  if (error instanceof AddressBlockedError) return 'address-blocked';
  if (error instanceof HostDeniedError) return 'host-denied';
  if (error instanceof NameLookupError) return 'dns-failed';
  if (error instanceof ProxyError) return 'connection-failed';
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (OF_TLS.test(code)) return 'tls-failed';
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
  const text = reasonOfOpenSsl(error) ?? (error.message === '' ? codeOf(error) : error.message);
  return text.replace(/\p{C}/gu, ' ').slice(0, 200);
}

/** OpenSSL's message names its source files, its reason says it in words. */
function reasonOfOpenSsl(error: Error): string | undefined {
  return 'library' in error && 'reason' in error && typeof error.reason === 'string'
    ? error.reason
    : undefined;
}
