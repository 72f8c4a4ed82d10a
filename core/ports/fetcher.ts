import type { Reason } from '../model/outcome.ts';

/** One request. */
export interface FetchRequest {
  readonly url: string;
  /** Limit for the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Limit for the body, on the wire and decoded. */
  readonly maxBytes: number;
  /** Connections to the host at once. */
  readonly perHost: number;
  readonly userAgent: string;
  /** The `Accept` header; one for images when absent. */
  readonly accept?: string;
  /** Header fields besides, by their names in lower case; they replace the fetcher's own of that name. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * As much of the body as can be had will do: a longer one is cut at `maxBytes` and kept, any 2xx
   * brings one, and text whose content encoding is wrong is kept as it is.
   */
  readonly mayCut?: boolean;
  /** May be sent again at once where a kept connection broke before the answer: there is no pace to keep. */
  readonly mayRepeat?: boolean;
  /** The host has never answered: short limits, 5 s to connect and 10 s to the first byte. */
  readonly firstContact?: boolean;
  /** To be told when the request goes out, on a connection that is open: a host sees it then. */
  readonly onSent?: () => void;
  /** The heads of request and answer are wanted as they went over the wire. */
  readonly keepsHead?: boolean;
  /** Looks at the head of an answer that brings a body: false, and its body is not read. */
  readonly wantsBody?: (headers: Headers) => boolean;
}

/**
 * Header names in lower case; repeated ones joined with a comma, `set-cookie` with a line feed. Of a field
 * that has one value equal ones are one, and different ones are left out.
 */
export type Headers = Readonly<Record<string, string | undefined>>;

/** The heads of an exchange: lines without the empty one at their end, a character for each octet. */
export interface ExchangeHead {
  readonly protocol: 'http/1.1' | 'h2';
  readonly request: string;
  readonly response: string;
}

/**
 * What became of one request. Whatever a site can do is a value of this type, never a throw: `fetch`
 * rejects only on infrastructure errors, such as a machine without another socket.
 */
export type FetchOutcome =
  | {
      readonly kind: 'body';
      readonly httpStatus: number;
      readonly headers: Headers;
      /** Where the answer came from, when that is a public address. */
      readonly publicAddress?: string;
      /** Where it was asked for. */
      readonly head?: ExchangeHead;
      readonly body: Uint8Array;
      /** To be called when nobody needs the bytes any more: they are gone, and others wait for the room. */
      readonly release: () => void;
    }
  /** A status that brings no resource (see `contentOf`), or a body that was not wanted: it is not kept. */
  | {
      readonly kind: 'no-body';
      readonly httpStatus: number;
      readonly headers: Headers;
      readonly publicAddress?: string;
      readonly head?: ExchangeHead;
    }
  | {
      readonly kind: 'failed';
      readonly reason: FetchFailure;
      readonly detail: string;
      readonly httpStatus?: number;
      readonly contentType?: string;
    };

/** The reasons that the network itself gives. */
export type FetchFailure = Extract<
  Reason,
  | 'dns-failed'
  | 'connection-failed'
  | 'connection-lost'
  | 'tls-failed'
  | 'timeout'
  | 'truncated'
  | 'protocol-error'
  | 'bad-encoding'
  | 'too-large'
  | 'address-blocked'
  | 'host-denied'
>;

/** One HTTP exchange; redirects are the caller's to follow. */
export interface Fetcher {
  fetch(request: FetchRequest): Promise<FetchOutcome>;
}

/** Header fields of an answer; none where none came. */
export function headersOf(outcome: FetchOutcome): Headers {
  return outcome.kind === 'failed' ? {} : outcome.headers;
}
