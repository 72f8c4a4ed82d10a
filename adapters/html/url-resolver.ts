import { MAX_URL_LENGTH } from '../../core/model/canonical-url.ts';
import { type QueryEncoder, queryEncoder } from './query-encoder.ts';

/** Marks that scripts replace before anybody sees the page: `{{ photo.url }}` is no address. */
const PLACEHOLDER = /\{\{|\$\{|<%|%7B%7B/i;

/** Paths and queries that the URL standard leaves as they are, but for dots between slashes. */
const PLAIN_PATH = /^\/(?!\/)[\w\-~=&?+,:;@!$()*./]*$/;

/** An address with a query: what is before it, the query, and the fragment. */
const QUERY = /^([^?#]*)(\?[^#]*)([\s\S]*)$/;

/** What is remembered of what is no address. */
const NONE = '';

/** So many addresses are remembered: menus are the same all over a page. */
const MAX_KNOWN = 10_000;

/** Makes URLs of a document absolute, by the URL standard. */
export class UrlResolver {
  readonly #documentUrl: string;
  #base: string;
  #origin: string | undefined;
  #hasBase = false;
  readonly #encodeQuery: QueryEncoder | undefined;
  readonly #known = new Map<string, string>();

  /** @param encoding that of the document: queries of its links are written in it */
  constructor(documentUrl: string, encoding = 'utf-8') {
    this.#encodeQuery = queryEncoder(encoding);
    this.#documentUrl = documentUrl;
    this.#base = documentUrl;
    this.#origin = URL.parse(documentUrl)?.origin;
  }

  /** Whether the document has set its base: no later one counts. */
  get hasBase(): boolean {
    return this.#hasBase;
  }

  /**
   * What relative URLs are relative to from here on: the first one of a document counts, also where it
   * is no web address, which leaves the base as it was. @returns whether it is another one now
   */
  setBase(href: string): boolean {
    if (this.#hasBase) return false;
    this.#hasBase = true;
    const before = this.#base;
    const base = URL.parse(href, this.#documentUrl);
    if (base !== null && isWeb(base)) this.#useBase(base.href);
    return this.#base !== before;
  }

  /** For a document within this one, whose base is its own. @returns how to go back */
  enterInner(): () => void {
    const [base, hasBase] = [this.#base, this.#hasBase];
    this.#hasBase = false;
    return () => {
      this.#useBase(base);
      this.#hasBase = hasBase;
    };
  }

  /** Absolute, without its fragment; undefined for what is not asked for over the web. */
  resolve(written: string): string | undefined {
    const known = this.#known.get(written);
    if (known !== undefined) return known === NONE ? undefined : known;
    const url = this.#resolveNew(written);
    if (this.#known.size < MAX_KNOWN) this.#known.set(written, url ?? NONE);
    return url;
  }

  #resolveNew(written: string): string | undefined {
    if (written.length > MAX_URL_LENGTH) return undefined;
    // Nothing in a plain path could be a placeholder, or the document itself.
    const isPlain = PLAIN_PATH.test(written) && !written.includes('/.');
    if (isPlain && this.#origin !== undefined) return this.#origin + written;
    if (isWithinDocument(written) || PLACEHOLDER.test(written)) return undefined;
    const parsed = URL.parse(this.#withQueryEncoded(written), this.#base);
    if (parsed === null || !isWeb(parsed) || parsed.href.length > MAX_URL_LENGTH) return undefined;
    return withoutFragment(parsed.href);
  }

  #withQueryEncoded(written: string): string {
    if (this.#encodeQuery === undefined) return written;
    const [, before = written, query = '', after = ''] = QUERY.exec(written) ?? [];
    return `${before}${this.#encodeQuery(query)}${after}`;
  }

  #useBase(base: string): void {
    if (base === this.#base) return;
    this.#base = base;
    this.#origin = URL.parse(base)?.origin;
    this.#known.clear();
  }
}

export function withoutFragment(url: string): string {
  const at = url.indexOf('#');
  return at === -1 ? url : url.slice(0, at);
}

function isWeb(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}

/** Empty, or a fragment: the document itself. */
function isWithinDocument(written: string): boolean {
  return /^\s*(?:#|$)/.test(written);
}
