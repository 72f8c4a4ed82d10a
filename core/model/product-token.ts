/** Names that say nothing of the crawler: a crawler that shows them calls itself by another. */
const BROWSER_WORDS: ReadonlySet<string> = new Set([
  'mozilla',
  'applewebkit',
  'khtml',
  'gecko',
  'version',
  'mobile',
  'safari',
  'chrome',
  'chromium',
  'headlesschrome',
  'firefox',
  'edg',
  'opr',
  'opera',
  'trident',
  'msie',
  'windows',
  'macintosh',
  'linux',
  'android',
  'iphone',
  'ipad',
  'x11',
  'u',
  'wow64',
]);

/**
 * The name by which sites know a crawler, out of its User-Agent (RFC 9309, section 2.2.1): its
 * first product, or the one behind a browser's dress. Empty when there is none: then only what is
 * asked of everyone concerns it.
 */
export function productTokenOf(userAgent: string): string {
  const { products, comments } = partsOf(userAgent);
  const [first = ''] = products;
  if (first !== '' && isOwn(first)) return first;
  return behindCompatible(comments) ?? versioned(comments) ?? products.find(isOwn) ?? first;
}

/**
 * Whether a user-agent line names a product token: up to what no token holds (`Foo/1.0` is `Foo`),
 * in any case. A token with digits, which the RFC does not foresee, is named by itself in full.
 */
export function namesProduct(value: string, productToken: string): boolean {
  if (productToken === '') return false;
  const wanted = productToken.toLowerCase();
  const [name = ''] = /^[A-Za-z_-]*/.exec(value) ?? [];
  return name.toLowerCase() === wanted || nameOf(value)?.toLowerCase() === wanted;
}

/** `a/1 (b; c) d` has the products `a` and `d`, and the comment entries `b` and `c`. */
function partsOf(userAgent: string) {
  let depth = 0;
  let outside = '';
  let inside = '';
  for (const character of userAgent) {
    if (character === ')') depth = Math.max(0, depth - 1);
    if (depth === 0) outside += character;
    else inside += character;
    if (character !== '(') continue;
    depth += 1;
    inside += ';';
  }
  const words = outside.split(/[\s();,]+/).map(nameOf);
  return {
    products: words.filter((name) => name !== undefined),
    comments: inside.split(/[;,()]/).map((entry) => entry.trim()),
  };
}

/** The name of `name/version`; undefined for an address, or what has no letter. */
function nameOf(word: string): string | undefined {
  if (/:\/\/|@/.test(word)) return undefined;
  const [name = ''] = /^[\w.-]+/.exec(word) ?? [];
  return /[A-Za-z]/.test(name) ? name : undefined;
}

function isOwn(name: string): boolean {
  return !BROWSER_WORDS.has(name.toLowerCase());
}

/** `(compatible; FooBot/2.1; +https://…)` */
function behindCompatible(comments: readonly string[]): string | undefined {
  const at = comments.findIndex((entry) => entry.toLowerCase() === 'compatible');
  if (at === -1) return undefined;
  const names = comments.slice(at + 1).map(nameOf);
  return names.find((name) => name !== undefined && isOwn(name));
}

/** `(FooBot/2.1; …)` */
function versioned(comments: readonly string[]): string | undefined {
  const names = comments.filter((entry) => /^[\w.-]+\/[\w.-]+$/.test(entry)).map(nameOf);
  return names.find((name) => name !== undefined && isOwn(name));
}
