/** Ways in which a target ends. */
export const STATUSES = ['succeeded', 'failed', 'skipped'] as const;

/** How a target ended. */
export type Status = (typeof STATUSES)[number];

/** What follows from one reason: settle now or try again, and whether time may cure it. */
export interface Verdict {
  readonly status: 'failed' | 'skipped';
  /** Worth another try inside the run, after a back-off. */
  readonly again: boolean;
  /** May have passed later: `crawl retry` asks such targets again. */
  readonly passing: boolean;
  /**
   * What it says of the host: it asked for quiet, so every target of it waits and not only this
   * one; or it is perhaps down, and several in a row are taken for a wish for quiet.
   */
  readonly onHost: 'pause' | 'suspect' | 'none';
  /** One line for people. */
  readonly about: string;
}

const settled = (about: string): Verdict => ({
  status: 'failed',
  again: false,
  passing: false,
  onHost: 'none',
  about,
});
const passing = (about: string): Verdict => ({ ...settled(about), again: true, passing: true });
const silence = (about: string): Verdict => ({ ...passing(about), onHost: 'suspect' });
const quiet = (about: string): Verdict => ({ ...passing(about), onHost: 'pause' });
const skipped = (about: string): Verdict => ({ ...settled(about), status: 'skipped' });

/** The closed vocabulary of reasons; the only place that decides what each one means. */
export const REASONS = {
  'dns-failed': silence('the name of the host did not resolve'),
  'connection-failed': silence('no connection could be opened'),
  'connection-lost': silence('the connection broke before the answer began'),
  'tls-failed': {
    ...silence('no secure connection: certificate or handshake'),
    again: false,
  },
  timeout: silence('a time limit passed'),
  truncated: passing('the body ended before its announced end'),
  'protocol-error': passing('the answer is not HTTP'),
  'server-error': passing('HTTP 5xx or 425'),
  unavailable: quiet('HTTP 503'),
  'rate-limited': quiet('HTTP 429, or HTTP 403, 420 or 430 with a Retry-After'),
  'not-found': settled('HTTP 404 or 410'),
  forbidden: settled('HTTP 401, 403, 407 or 451'),
  'client-error': settled('another HTTP 4xx'),
  'unexpected-status': settled('an HTTP status that brings no body to keep'),
  'bad-redirect': settled('a redirect that names no http(s) address'),
  'too-many-redirects': settled('more redirects than allowed, or a loop of them'),
  'bad-encoding': settled('a content encoding that is unknown or does not decode'),
  'too-large': settled('more bytes than allowed'),
  'not-an-image': settled('the bytes are no image'),
  // Where a body ends with its connection, this is all that tells of one that broke.
  'corrupt-image': { ...settled('the image is cut or damaged'), passing: true },
  'hash-mismatch': settled('its bytes have another hash than the list gives'),
  'too-many-pixels': settled('more pixels than allowed'),
  'not-decodable': settled(
    'image work: no decoder for it, or the decoder failed or met its limits',
  ),
  'address-blocked': settled('an address that must not be asked'),
  'host-denied': skipped('a host that this deployment does not allow'),
  'dead-lettered': settled('the target killed its worker each time'),
  'crawler-fault': {
    ...settled('the crawler itself failed at the target each time'),
    passing: true,
  },
  'robots-unreachable': {
    ...passing('robots.txt cannot be read (HTTP 5xx, a broken answer): nothing is allowed for now'),
    status: 'skipped',
  },
  'robots-disallowed': skipped('robots.txt does not allow it'),
  'host-stopped': {
    ...skipped('crawl stop: its host is asked no more in this run'),
    passing: true,
  },
  'credential-url': skipped(
    'its URL holds a signature or a token: it is for whoever it was made for',
  ),
  'crawl-delay-too-long': skipped('robots.txt asks for more time between requests than we wait'),
  'opted-out': skipped('X-Robots-Tag or a robots meta element: its owner does not want it kept'),
  reserved: skipped('its owner reserves it for a purpose of the run'),
  'payment-required': skipped('HTTP 402: its owner wants a payment, and the crawler never pays'),
  'not-a-page': skipped('expected to be a page, and is something without links'),
  redirected: skipped('the page has moved: its new address is a target of its own'),
  'canonical-elsewhere': skipped(
    'the page names another address of itself; what is on the page was taken',
  ),
  'no-sitemap': skipped('no sitemap at the usual place, and none was promised'),
  'out-of-scope': skipped('outside the hosts or patterns that the run follows'),
  'too-deep': skipped('more links away from the list than the run follows'),
  'over-ceiling': skipped('the run has reached its ceiling of pages, URLs or bytes'),
  trap: skipped('an address of a kind that a site makes without end'),
  cancelled: { ...skipped('the run was cancelled'), passing: true },
  known: skipped('an earlier run kept it, and it need not be asked for again yet'),
  filtered: skipped(
    'smaller than the run keeps, of another format or shape, or left out by a hook',
  ),
} as const satisfies Record<string, Verdict>;

/** Why a target failed or was skipped. */
export type Reason = keyof typeof REASONS;

/** Reasons in the order of the table. */
export const REASON_NAMES = Object.keys(REASONS).filter(isReason);

/** Whether a text is one of the closed vocabulary. */
export function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text);
}

/** The verdict on a reason, widened for code that reads its fields. */
export function verdictOf(reason: Reason): Verdict {
  return REASONS[reason];
}
