import { MAX_URL_LENGTH } from '../../core/canonical-url.ts';

/** Marks that scripts replace before anybody sees the page: `{{ photo.url }}` is no address. */
const PLACEHOLDER = /\{\{|\$\{|<%|%7B%7B/i;

/** Paths and queries that the URL standard leaves as they are, but for dots between slashes. */
const PLAIN_PATH = /^\/(?!\/)[\w\-~=&?+,:;@!$()*./]*$/;

/** So many addresses are remembered: menus are the same all over a page. */
const MAX_KNOWN = 10_000;

/** Makes URLs of a document absolute, by the URL standard. */
export class UrlResolver {
  readonly #documentUrl: string;
  #base: string;
  #origin: string | undefined;
  #hasBase = false;
  readonly #known = new Map<string, string | undefined>();

  constructor(documentUrl: string) {
    this.#documentUrl = documentUrl;
    this.#base = documentUrl;
    this.#origin = URL.parse(documentUrl)?.origin;
  }

  /** What relative URLs are relative to from here on: the first one of a document counts. */
  setBase(href: string): void {
    if (this.#hasBase) return;
    this.#hasBase = true;
    const base = URL.parse(href, this.#documentUrl);
    if (base !== null && isWeb(base)) this.#useBase(base.href);
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
    if (this.#known.has(written)) return this.#known.get(written);
    const url = this.#resolveNew(written);
    if (this.#known.size < MAX_KNOWN) this.#known.set(written, url);
    return url;
  }

  #resolveNew(written: string): string | undefined {
    if (written.length > MAX_URL_LENGTH || isWithinDocument(written)) return undefined;
    if (PLACEHOLDER.test(written)) return undefined;
    const isPlain = PLAIN_PATH.test(written) && !written.includes('/.');
    if (isPlain && this.#origin !== undefined) return this.#origin + written;
    const parsed = URL.parse(written, this.#base);
    if (parsed === null || !isWeb(parsed) || parsed.href.length > MAX_URL_LENGTH) return undefined;
    return withoutFragment(parsed.href);
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
