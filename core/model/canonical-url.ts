import { withoutCredentials } from './without-credentials.ts';

/** Longest URL that is crawled, in characters of the form that is requested. */
export const MAX_URL_LENGTH = 8192;

/** What a text means as a URL, or what is wrong with it. */
export type ParsedUrl =
  | {
      readonly kind: 'url';
      /** Canonical: two spellings of one URL have it in common. */
      readonly url: string;
      /** The spelling that is sent to the server: as written, as far as the URL standard allows. */
      readonly requestUrl: string;
      readonly host: string;
    }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * The two forms of a URL. It is requested as WHATWG parsing leaves it (case of the host, default
 * port, dot segments, IDNA), as browsers do, without the fragment, which is never sent. It is
 * compared and kept in its canonical form, which is normalised further (RFC 3986, section 6.2.2):
 * a server may tell apart what the RFC holds equal, and redirect from one spelling to another.
 */
export function parseUrl(text: string): ParsedUrl {
  const parsed = URL.parse(text);
  if (parsed === null) return bad(`not a URL: ${excerpt(text)}`);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return bad(`not http or https: ${excerpt(text)}`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    const { protocol, host } = parsed;
    const instead = `--header '${excerpt(host)} Authorization: …' sends them`;
    return bad(`credentials in a URL are not used: ${protocol}//…@${excerpt(host)} (${instead})`);
  }
  const host = withoutTrailingDot(parsed);
  if (host === undefined) return bad(`not a host name: ${excerpt(text)}`);
  const [requestUrl = ''] = parsed.href.split('#', 1);
  if (requestUrl.length > MAX_URL_LENGTH) {
    return bad(`longer than ${MAX_URL_LENGTH} characters: ${excerpt(text)}`);
  }
  // `search` is empty where nothing follows the `?`.
  const path = normaliseEscapes(parsed.pathname) + normaliseEscapes(parsed.search);
  return { kind: 'url', url: `${parsed.protocol}//${host}${path}`, requestUrl, host };
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

/** Scheme and canonical authority of a URL that `parseUrl` gave. */
export function originOf(url: string): string {
  return url.slice(0, url.indexOf('//') + 2) + hostOf(url);
}

/** The canonical authority (host, and port where it is not the default) of a URL that `parseUrl` gave. */
export function hostOf(url: string): string {
  const start = url.indexOf('//') + 2;
  const end = url.slice(start).search(/[/?#]/);
  const authority = end === -1 ? url.slice(start) : url.slice(start, start + end);
  return authority.replace(/\.(?=$|:)/, '');
}

/** A final dot changes where a name is looked up, not whose it is. */
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

/** The beginning of a text as a message shows it, without credentials. */
export function excerpt(text: string): string {
  // A list may hold anything: control characters would reach the reader's terminal.
  const clean = withoutCredentials(text).replace(/\p{C}/gu, '\u{fffd}');
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean;
}

function bad(problem: string): ParsedUrl {
  return { kind: 'bad', problem };
}
