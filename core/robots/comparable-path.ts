/** An escape, or octets that no URI may hold as they are (RFC 3986, sections 2.2 to 2.4). */
const ESCAPE_OR_UNFIT = /%[0-9a-f]{2}|[^!-~]+|["<>\\^`{|}]+/gi;

/**
 * Escaped or not, these mean the same: the unreserved characters, and of the reserved ones those
 * that separate nothing in a path or query. `/ ? # & = + ;` and `%` differ from their escapes.
 */
const SAME_WHEN_ESCAPED = /[A-Za-z0-9\-._~!$'()*,:@[\]]/;

/** The one spelling in which rules and paths are compared (RFC 9309, section 2.2.2). */
export function comparable(text: string): string {
  return text.replace(ESCAPE_OR_UNFIT, (part) => {
    if (!part.startsWith('%')) return encodeURIComponent(part.toWellFormed());
    const character = String.fromCharCode(Number.parseInt(part.slice(1), 16));
    return SAME_WHEN_ESCAPED.test(character) ? character : part.toUpperCase();
  });
}

/** Inside a query a slash separates nothing: `%2F` is written as one (RFC 9309, section 2.2.2). */
export function withQuerySlashes(text: string): string {
  const query = text.indexOf('?');
  if (query === -1) return text;
  return text.slice(0, query) + text.slice(query).replace(/%2f/gi, '/');
}

/**
 * Path and query of a URL as rules are compared with them: one spelling, or two where the query
 * holds an escaped slash, for a rule that names no query may still mean that escape. A rule
 * matches when it matches either. Throws on what is no absolute URL.
 */
export function comparablePaths(url: string): readonly string[] {
  const [sent = ''] = new URL(url).href.split('#', 1);
  const path = comparable(sent.slice(sent.indexOf('/', sent.indexOf('//') + 2)));
  const plain = withQuerySlashes(path);
  return plain === path ? [path] : [plain, path];
}
