import type { LookupAddress } from 'node:dns';

/** An address of a name; `ttlMs` is how long it may be kept, where its source tells. */
export interface ResolvedAddress extends LookupAddress {
  readonly ttlMs?: number;
}

/** The addresses of a host name, of both families; rejects or is empty when it has none. */
export type ResolveName = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/**
 * A name that did not lead to an address. The code is that of c-ares or getaddrinfo, where there is
 * one.
 */
export class NameLookupError extends Error {
  override readonly name = 'NameLookupError';
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }

  /** True when the name itself is at fault, so that asking again soon does not help. */
  get isMissing(): boolean {
    return this.code !== undefined && MISSING.has(this.code);
  }
}

const MISSING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** What the codes of c-ares mean; a code that is not listed is told as it is. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'does not exist (NXDOMAIN)',
  ENODATA: 'has no address (no A or AAAA record)',
  EBADNAME: 'is not a valid host name (EBADNAME)',
  ESERVFAIL: 'not looked up: the name server could not resolve it (SERVFAIL)',
  EREFUSED: 'not looked up: the name server refused the query (REFUSED)',
  ENOTIMP: 'not looked up: the name server does not support the query (NOTIMP)',
  EFORMERR: 'not looked up: the name server did not understand the query (FORMERR)',
  EBADRESP: 'not looked up: the name server sent a malformed answer (EBADRESP)',
  ECONNREFUSED: 'not looked up: no name server could be reached (ECONNREFUSED)',
};

/** The failure of a look-up in words: the name, and what happened. */
export function nameLookupError(hostname: string, code: string): NameLookupError {
  return new NameLookupError(`${hostname} ${WORDS[code] ?? `not looked up: ${code}`}`, code);
}

/** The failure of a look-up that got no answer within its time, in milliseconds. */
export function lookupTimeout(hostname: string, timeoutMs: number): NameLookupError {
  const told = `${hostname} not looked up: timed out after ${timeoutMs} ms`;
  return new NameLookupError(told, 'ETIMEOUT');
}

/** The code of an error of Node, or its message where it has none. */
export function codeOfError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
