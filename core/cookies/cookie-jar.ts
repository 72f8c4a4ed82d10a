import { type Cookie, isWithin, parseSetCookie, type SiteOf } from './parse-set-cookie.ts';

/** Most cookies of one domain, as RFC 6265bis, section 6.1, expects at least. */
const MAX_OF_A_DOMAIN = 50;
/** Most bytes of names and values in a jar. */
const MAX_BYTES = 64 * 1024;
/** Most bytes of one `Cookie` header: many servers refuse longer heads. */
const MAX_HEADER_BYTES = 8192;

/** Cookies in memory, sent back to whom they belong (RFC 6265bis); the oldest give way to new ones. */
export class CookieJar {
  readonly #siteOf: SiteOf;
  /** In the order in which they were first set. */
  readonly #cookies = new Map<string, Cookie>();
  #bytes = 0;

  constructor(siteOf: SiteOf) {
    this.#siteOf = siteOf;
  }

  /** Cookies that are kept, expired ones among them. */
  get size(): number {
    return this.#cookies.size;
  }

  /**
   * Takes over what an answer sets, one cookie on each line; true when anything is different now, so
   * that the same request may have another answer.
   */
  learn(setCookies: string, url: string, nowMs: number): boolean {
    const from = new URL(url);
    let isChanged = false;
    for (const line of setCookies.split('\n')) {
      const cookie = parseSetCookie(line, from, nowMs, this.#siteOf);
      if (cookie !== undefined && this.#keep(cookie, from, nowMs)) isChanged = true;
    }
    return isChanged;
  }

  /** The `Cookie` header for a request; undefined when there is nothing to send. */
  headerFor(url: string, nowMs: number): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    const { hostname, pathname, protocol } = new URL(url);
    const isSecure = protocol === 'https:';
    const sent = [...this.#cookies.values()].filter(
      (cookie) =>
        cookie.expiresMs > nowMs &&
        (isSecure || !cookie.isSecure) &&
        (cookie.isHostOnly ? hostname === cookie.domain : isWithin(hostname, cookie.domain)) &&
        isBelow(pathname, cookie.path),
    );
    if (sent.length === 0) return undefined;
    // Longer paths first (section 5.8.3); the sort keeps the order of those that are equal.
    sent.sort((a, b) => b.path.length - a.path.length);
    let header = '';
    for (const { name, value } of sent) {
      const pair = name === '' ? value : `${name}=${value}`;
      const longer = header === '' ? pair : `${header}; ${pair}`;
      if (longer.length <= MAX_HEADER_BYTES) header = longer;
    }
    return header;
  }

  #keep(cookie: Cookie, from: URL, nowMs: number): boolean {
    const key = `${cookie.domain};${cookie.path};${cookie.name}`;
    const known = this.#cookies.get(key);
    // Who listens in on the clear must not replace what came over TLS (section 5.7).
    if (known?.isSecure === true && from.protocol !== 'https:') return false;
    if (cookie.expiresMs <= nowMs) {
      this.#drop(key);
      return known !== undefined;
    }
    if (known !== undefined) this.#bytes -= bytesOf(known);
    this.#cookies.set(key, cookie);
    this.#bytes += bytesOf(cookie);
    this.#bound(cookie.domain);
    return known?.value !== cookie.value;
  }

  #drop(key: string): void {
    const cookie = this.#cookies.get(key);
    if (cookie === undefined) return;
    this.#bytes -= bytesOf(cookie);
    this.#cookies.delete(key);
  }

  #bound(domain: string): void {
    const ofDomain = [...this.#cookies].filter(([, cookie]) => cookie.domain === domain);
    for (const [key] of ofDomain.slice(0, Math.max(0, ofDomain.length - MAX_OF_A_DOMAIN)))
      this.#drop(key);
    for (const key of this.#cookies.keys()) {
      if (this.#bytes <= MAX_BYTES) return;
      this.#drop(key);
    }
  }
}

function bytesOf({ name, value, path }: Cookie): number {
  return name.length + value.length + path.length;
}

/** Section 5.1.4: whether a path is the cookie's, or in its folder. */
function isBelow(pathname: string, path: string): boolean {
  if (!pathname.startsWith(path)) return false;
  return pathname.length === path.length || path.endsWith('/') || pathname[path.length] === '/';
}
