/** What a style names: a picture to paint, or another style sheet. */
export interface CssReference {
  readonly kind: 'image' | 'style';
  /** As it was meant: without quotes, its escapes undone. */
  readonly url: string;
}

/**
 * Where something begins that matters here; a function only where its name does. In all but `url` an
 * address is a string: `image()` and `src()` are of CSS Images 4 and CSS Values 5, no browser knows
 * them, and no other meaning of theirs is in use.
 */
const TOKEN = /["'{}();\\@]|\/\*|(?<![\w-])(?:url|image-set|-webkit-image-set|image|src)\(/gi;

/** Up to six hexadecimal digits and a space, a line end that is left out, or any character. */
const ESCAPE = /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|(?:\r\n|[\r\n\f])|([\s\S]))/gi;

/** Properties whose `url()` is no picture: behaviours that old browsers ran. */
const NO_PICTURE = /(?:behavior|-moz-binding)\s*:\s*$/i;

/** So far back a property's name is looked for. */
const PROPERTY_LENGTH = 24;

/** What an address means within a rule's beginning; a picture elsewhere. */
const AT_RULES: ReadonlyMap<string, 'style' | 'nothing'> = new Map([
  ['import', 'style'],
  ['namespace', 'nothing'],
  ['document', 'nothing'],
  ['-moz-document', 'nothing'],
]);

/**
 * The pictures of `url()`, `image-set()` and their kin, and the style sheets of `@import`, in their order, from
 * a style sheet or a `style` attribute. Fonts and name spaces are not images. Linear in the length.
 */
export function* cssReferences(css: string): Generator<CssReference> {
  const scan = new CssScan(css);
  for (let token = scan.next(); token !== undefined; token = scan.next()) {
    const found = scan.take(token);
    if (found !== undefined && found.url !== '') yield found;
  }
}

class CssScan {
  readonly #css: string;
  #at = 0;
  #meaning: 'image' | 'style' | 'nothing' = 'image';
  /** Blocks open from that of a font on: its addresses are no pictures. */
  #fontDepth = 0;
  #isFontNext = false;
  /** Parentheses open, and from which of them on strings are addresses. */
  #depth = 0;
  #setDepth = 0;

  constructor(css: string) {
    this.#css = css;
  }

  next(): string | undefined {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#css)?.[0].toLowerCase();
    if (token !== undefined) this.#at = TOKEN.lastIndex;
    return token;
  }

  /** The reference that begins with the token before, if one does. */
  take(token: string): CssReference | undefined {
    if (token === 'url(') return this.#reference(this.#url());
    if (token === '"' || token === "'") return this.#stringReference();
    if (token === '/*') this.#at = this.#behind('*/');
    else if (token === '\\') this.#at += 1;
    else if (token === '@') this.#beginRule();
    else if (token === '{' || token === '}') this.#passBrace(token);
    else if (token === ';') this.#endPrelude();
    else this.#passParenthesis(token);
    return undefined;
  }

  #stringReference(): CssReference | undefined {
    const written = this.#string(this.#at - 1);
    const isImport = this.#meaning === 'style' && this.#depth === 0;
    const isInSet = this.#setDepth > 0 && this.#depth === this.#setDepth;
    return isImport || isInSet ? this.#reference(written) : undefined;
  }

  #reference(written: string | undefined): CssReference | undefined {
    const kind = this.#meaning;
    // What follows the address of an import are its conditions.
    if (kind === 'style') this.#meaning = 'nothing';
    if (written === undefined || kind === 'nothing' || this.#fontDepth > 0) return undefined;
    return { kind, url: undoEscapes(written).trim() };
  }

  #beginRule(): void {
    const name = /^[\w-]*/.exec(this.#css.slice(this.#at, this.#at + 16))?.[0].toLowerCase() ?? '';
    this.#meaning = AT_RULES.get(name) ?? 'image';
    this.#isFontNext = name === 'font-face';
  }

  /** Also ends what a broken style sheet left open. */
  #passBrace(token: '{' | '}'): void {
    if (token === '}') this.#fontDepth = Math.max(0, this.#fontDepth - 1);
    else if (this.#isFontNext || this.#fontDepth > 0) this.#fontDepth += 1;
    this.#isFontNext = false;
    this.#meaning = 'image';
    this.#depth = 0;
    this.#setDepth = 0;
  }

  #endPrelude(): void {
    if (this.#depth === 0) this.#meaning = 'image';
  }

  #passParenthesis(token: string): void {
    if (token === ')') {
      if (this.#depth === this.#setDepth) this.#setDepth = 0;
      this.#depth = Math.max(0, this.#depth - 1);
      return;
    }
    this.#depth += 1;
    if (token !== '(' && this.#setDepth === 0) this.#setDepth = this.#depth;
  }

  /** Undefined where it is no picture's. */
  #url(): string | undefined {
    const name = this.#at - 'url('.length;
    const isPicture = !NO_PICTURE.test(this.#css.slice(Math.max(0, name - PROPERTY_LENGTH), name));
    const from = skipSpace(this.#css, this.#at);
    const isQuoted = this.#css[from] === '"' || this.#css[from] === "'";
    const quoted = isQuoted ? this.#string(from) : undefined;
    const start = isQuoted ? this.#at : from;
    const end = unescapedIndex(this.#css, UNQUOTED_END, start);
    this.#at = end + 1;
    return isPicture ? (quoted ?? this.#css.slice(start, end)) : undefined;
  }

  /** From a quote to its fellow; the end of the line breaks it off. */
  #string(quoteAt: number): string {
    const pattern = this.#css[quoteAt] === '"' ? DOUBLE_END : SINGLE_END;
    const end = unescapedIndex(this.#css, pattern, quoteAt + 1);
    this.#at = end + 1;
    return this.#css.slice(quoteAt + 1, end);
  }

  #behind(what: string): number {
    const at = this.#css.indexOf(what, this.#at);
    return at === -1 ? this.#css.length : at + what.length;
  }
}

const SPACE = /\s*/y;
const UNQUOTED_END = /\\[\s\S]|\)/g;
const DOUBLE_END = /\\(?:\r\n|[\s\S])|["\r\n\f]/g;
const SINGLE_END = /\\(?:\r\n|[\s\S])|['\r\n\f]/g;

function skipSpace(css: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.test(css);
  return SPACE.lastIndex;
}

/** Where the first match begins that is not an escape; the end of the text where there is no match. */
function unescapedIndex(css: string, end: RegExp, from: number): number {
  end.lastIndex = from;
  for (let match = end.exec(css); match !== null; match = end.exec(css)) {
    if (!match[0].startsWith('\\')) return match.index;
  }
  return css.length;
}

function undoEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (_, digits?: string, character = '') => {
    if (digits === undefined) return character;
    const code = Number.parseInt(digits, 16);
    const isNone = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
    return String.fromCodePoint(isNone ? 0xfffd : code);
  });
}
