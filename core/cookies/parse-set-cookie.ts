/** A cookie as a jar keeps it (RFC 6265bis, section 5.7). */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** The host that set it, or the domain that it named. */
  readonly domain: string;
  /** It goes back to exactly that host. */
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
  /** In milliseconds since 1970; infinite for one of the session. */
  readonly expiresMs: number;
}

/** The registrable domain of a host name; undefined for an address, a public suffix or a single label. */
export type SiteOf = (hostname: string) => string | undefined;

/** Most bytes of name and value together, as in browsers. */
const MAX_BYTES = 4096;
/** Most bytes of one attribute's value (section 5.6). */
const MAX_ATTRIBUTE_BYTES = 1024;
/** The longest life of a cookie (section 5.5), in milliseconds: no run is longer. */
const MAX_LIFE_MS = 400 * 24 * 60 * 60 * 1000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** One `Set-Cookie` of an answer from `url`; undefined when it is to be ignored. `expiresMs` may be past. */
export function parseSetCookie(
  line: string,
  url: URL,
  nowMs: number,
  siteOf: SiteOf,
): Cookie | undefined {
  if (CONTROL.test(line)) return undefined;
  const [pair = '', ...parts] = line.split(';');
  const [name, value] = halvesOf(pair);
  if ((name === '' && value === '') || name.length + value.length > MAX_BYTES) return undefined;
  const attributes = attributesOf(parts);
  const place = placeOf(attributes.get('domain') ?? '', url, siteOf);
  if (place === undefined) return undefined;
  const path = attributes.get('path') ?? '';
  const cookie: Cookie = {
    name,
    value,
    domain: place.domain,
    isHostOnly: place.isHostOnly,
    path: path.startsWith('/') ? path : defaultPath(url),
    isSecure: attributes.has('secure'),
    expiresMs: expiryOf(attributes, nowMs),
  };
  return isAllowed(cookie, attributes.has('path'), url) ? cookie : undefined;
}

/** A pair without `=` is a value without a name. */
function halvesOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at === -1) return ['', text.trim()];
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** By their names in lower case; of several of a name the last one counts. */
function attributesOf(parts: readonly string[]): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('=');
    const name = (at === -1 ? part : part.slice(0, at)).trim().toLowerCase();
    const value = at === -1 ? '' : part.slice(at + 1).trim();
    if (value.length <= MAX_ATTRIBUTE_BYTES) attributes.set(name, value);
  }
  return attributes;
}

/** Nobody sets a cookie for a public suffix, for a host elsewhere or for one below its own. */
function placeOf(
  attribute: string,
  { hostname }: URL,
  siteOf: SiteOf,
): Pick<Cookie, 'domain' | 'isHostOnly'> | undefined {
  const domain = attribute.replace(/^\./, '').toLowerCase();
  if (domain === '') return { domain: hostname, isHostOnly: true };
  if (!isWithin(hostname, domain)) return undefined;
  const site = siteOf(hostname);
  // Below its registrable domain a host shares; one that has none, as an address, keeps for itself.
  if (site === undefined) return domain === hostname ? { domain, isHostOnly: true } : undefined;
  return isWithin(domain, site) ? { domain, isHostOnly: false } : undefined;
}

/** Whether a host is the domain or below it (section 5.1.3). */
export function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

/** Section 5.1.4: the folder of the path that was asked for. */
function defaultPath({ pathname }: URL): string {
  const end = pathname.lastIndexOf('/');
  return end <= 0 ? '/' : pathname.slice(0, end);
}

function expiryOf(attributes: ReadonlyMap<string, string>, nowMs: number): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
    const seconds = Number(maxAge);
    return seconds <= 0 ? 0 : Math.min(nowMs + seconds * 1000, nowMs + MAX_LIFE_MS);
  }
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : Math.min(expires, nowMs + MAX_LIFE_MS);
}

/** What is secure comes over TLS, and the names with a prefix keep what they promise (section 5.7). */
function isAllowed(cookie: Cookie, hasPath: boolean, { protocol }: URL): boolean {
  if (cookie.isSecure && protocol !== 'https:') return false;
  const name = (cookie.name === '' ? cookie.value : cookie.name).toLowerCase();
  if (name.startsWith('__secure-')) return cookie.isSecure;
  if (!name.startsWith('__host-')) return true;
  return cookie.isSecure && cookie.isHostOnly && cookie.path === '/' && hasPath;
}
