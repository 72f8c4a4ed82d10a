/** Longest URL that is crawled, in characters of its canonical form. */
export const MAX_URL_LENGTH = 8192;

/** A line of a list: a URL in its canonical form, or what is wrong with it. */
export type ParsedUrl =
  | { readonly kind: 'url'; readonly url: string; readonly host: string }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * The one spelling under which a URL is compared, fetched and kept: WHATWG parsing (case, default
 * port, dot segments, IDNA), then the normalisation that RFC 3986 section 6.2.2 allows without
 * asking the server. The fragment is dropped, it is never sent.
 */
export function parseUrl(text: string): ParsedUrl {
  const parsed = URL.parse(text);
  if (parsed === null) return bad(`not a URL: ${excerpt(text)}`);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return bad(`not http or https: ${excerpt(text)}`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return bad(
      `credentials in a URL are not sent: ${excerpt(`${parsed.protocol}//…@${parsed.host}`)}`,
    );
  }
  const host = withoutTrailingDot(parsed);
  if (host === undefined) return bad(`not a host name: ${excerpt(text)}`);
  const search = parsed.search === '?' ? '' : parsed.search;
  const url = `${parsed.protocol}//${host}${normaliseEscapes(parsed.pathname)}${normaliseEscapes(search)}`;
  if (url.length > MAX_URL_LENGTH) {
    return bad(`longer than ${MAX_URL_LENGTH} characters: ${excerpt(text)}`);
  }
  return { kind: 'url', url, host };
}

/**
 * The address that a `Location` names, seen from the URL that was asked. A header holds octets, each
 * a character here: sites write them in UTF-8 unescaped, and mean what browsers make of that.
 */
export function parseLocation(location: string, from: string): ParsedUrl {
  const octets = location.replace(/[\x80-\xff]/g, encodeOctet);
  return parseUrl(URL.parse(octets, from)?.href ?? octets);
}

function encodeOctet(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Scheme and authority of a canonical URL. */
export function originOf(url: string): string {
  const end = url.indexOf('/', url.indexOf('//') + 2);
  return end === -1 ? url : url.slice(0, end);
}

/** The authority (host, and port where it is not the default) of a canonical URL. */
export function hostOf(url: string): string {
  const start = url.indexOf('//') + 2;
  const end = url.slice(start).search(/[/?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end);
}

function withoutTrailingDot(parsed: URL): string | undefined {
  const hostname = parsed.hostname.replace(/\.$/, '');
  if (hostname === '' || hostname.endsWith('.')) return undefined;
  return parsed.port === '' ? hostname : `${hostname}:${parsed.port}`;
}

/** Escapes of unreserved characters are undone, the others are written in upper case. */
function normaliseEscapes(text: string): string {
  if (!text.includes('%')) return text;
  // Beside a stray `%` an undone escape could make a new one: `%%37e`, then `%7e`, then `~`.
  const hasStray = /%(?![0-9a-f]{2})/i.test(text);
  return text.replace(/%[0-9a-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    const undo = !hasStray && /[A-Za-z0-9._~-]/.test(character);
    return undo ? character : triplet.toUpperCase();
  });
}

function excerpt(text: string): string {
  // A list may hold anything: control characters would reach the reader's terminal.
  const clean = text.replace(/\p{C}/gu, '\u{fffd}');
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean;
}

function bad(problem: string): ParsedUrl {
  return { kind: 'bad', problem };
}
