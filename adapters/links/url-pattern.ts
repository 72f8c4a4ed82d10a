import { RE2JS, RE2JSException } from 're2js';

/** A pattern of URLs, ready to be asked. */
export interface UrlPattern {
  matches(url: string): boolean;
}

/** A pattern, or what is wrong with it. */
export type ParsedPattern =
  | { readonly kind: 'pattern'; readonly pattern: UrlPattern }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * Reads a pattern. Between slashes it is a regular expression that is looked for anywhere in a URL.
 * Otherwise it is a glob: `*` stands for any text, and all of the URL has to fit; without a `*` it is
 * looked for anywhere.
 */
export function parsePattern(text: string): ParsedPattern {
  if (text === '') return { kind: 'bad', problem: 'expected a pattern' };
  if (text.length > 2 && text.startsWith('/') && text.endsWith('/')) return regular(text);
  const parts = text.split('*');
  const matches = (url: string) => (parts.length === 1 ? url.includes(text) : fits(parts, url));
  return { kind: 'pattern', pattern: { matches } };
}

/**
 * In the syntax of RE2, which has neither look-around nor back references, and takes time in the
 * length of the URL only: to JavaScript's own engine a hostile URL can be a puzzle without end.
 */
function regular(text: string): ParsedPattern {
  try {
    const expression = RE2JS.compile(text.slice(1, -1));
    const matches = (url: string) => expression.matcher(url).find();
    return { kind: 'pattern', pattern: { matches } };
  } catch (error) {
    if (error instanceof RE2JSException) return { kind: 'bad', problem: error.message };
    throw error;
  }
}

/** Each part where it first fits, the last one at the end: linear, whatever the pattern. */
function fits(parts: readonly string[], url: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop() ?? '';
  if (!url.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = url.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return url.length - last.length >= at && url.endsWith(last);
}
