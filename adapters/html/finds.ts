import { MAX_URL_LENGTH } from '../../core/canonical-url.ts';
import { type Candidate, largestOf, MAX_CANDIDATES } from '../../core/links/srcset.ts';
import type { DocumentKind, FoundImage, FoundLink } from '../../core/ports/pages.ts';
import { MAX_WORDS_LENGTH } from './limits.ts';

/** What an image's element says of it, as written. */
export interface Words {
  readonly alt?: string;
  readonly title?: string;
}

/** How a link stands in its document. */
export interface LinkManner {
  /** It asks not to be followed. */
  readonly nofollow: boolean;
}

interface Limits {
  readonly images: number;
  readonly links: number;
  /** Of candidates only the largest is wanted. */
  readonly best: boolean;
}

interface KnownImage {
  readonly url: string;
  alt?: string;
  title?: string;
  /** Nothing but links lead to it. */
  isLinked: boolean;
}

/** Marks that scripts replace before anybody sees the page: `{{ photo.url }}` is no address. */
const PLACEHOLDER = /\{\{|\$\{|<%|%7B%7B/i;

/** What a document names, each URL once and within limits. */
export class Finds {
  readonly #documentUrl: string;
  readonly #limits: Limits;
  readonly #images = new Map<string, KnownImage>();
  readonly #links = new Map<string, FoundLink>();
  readonly #refused = new Set<string>();
  #base: string;
  #hasBase = false;
  /** Whether a limit was met. */
  isCut = false;

  constructor(documentUrl: string, limits: Limits) {
    this.#documentUrl = withoutFragment(documentUrl);
    this.#base = documentUrl;
    this.#limits = limits;
  }

  /** Whether nothing more can be found. */
  get isFull(): boolean {
    return this.#images.size >= this.#limits.images && this.#links.size >= this.#limits.links;
  }

  /** What relative URLs are relative to from here on: the first one of a document counts. */
  setBase(href: string): void {
    if (this.#hasBase) return;
    this.#hasBase = true;
    const base = URL.parse(href, this.#documentUrl);
    if (base !== null && isWeb(base)) this.#base = base.href;
  }

  /** For a document within this one, whose base is its own. @returns how to go back */
  enterInner(): () => void {
    const outer = { base: this.#base, hasBase: this.#hasBase };
    this.#hasBase = false;
    return () => {
      this.#base = outer.base;
      this.#hasBase = outer.hasBase;
    };
  }

  image(written: string, words: Words = {}): void {
    const url = isDataImage(written) ? written.trim() : this.resolve(written);
    if (url !== undefined && url !== this.#documentUrl) this.#addImage(url, words, false);
  }

  /** One image in several files: plain addresses, and candidates that say how large they are. */
  candidates(plain: readonly string[], sized: readonly Candidate[], words: Words = {}): void {
    if (sized.length >= MAX_CANDIDATES) this.isCut = true;
    const largest = this.#limits.best ? largestOf(sized) : undefined;
    const urls = largest === undefined ? [...plain, ...sized.map(({ url }) => url)] : [largest.url];
    for (const url of urls) this.image(url, words);
  }

  /** An image that a link leads to. */
  linkedImage(written: string, { nofollow }: LinkManner): void {
    const url = this.resolve(written);
    if (url === undefined) return;
    if (nofollow) this.#refused.add(url);
    else this.#addImage(url, {}, true);
  }

  link(written: string, kind: DocumentKind, { nofollow }: LinkManner): void {
    const url = this.resolve(written);
    if (url === undefined || this.#links.has(url)) return;
    if (this.#links.size >= this.#limits.links) this.isCut = true;
    else if (nofollow) this.#refuse(url);
    else this.#links.set(url, { url, kind });
  }

  /** Absolute, without its fragment; undefined for what is not asked for over the web. */
  resolve(written: string): string | undefined {
    if (written.length > MAX_URL_LENGTH || isWithinDocument(written)) return undefined;
    if (PLACEHOLDER.test(written)) return undefined;
    const parsed = URL.parse(written, this.#base);
    if (parsed === null || !isWeb(parsed) || parsed.href.length > MAX_URL_LENGTH) return undefined;
    return withoutFragment(parsed.href);
  }

  /** @param nofollow that the document wants none of its links followed */
  result(nofollow: boolean): {
    readonly images: readonly FoundImage[];
    readonly links: readonly FoundLink[];
    readonly notFollowed: number;
  } {
    const images = [...this.#images.values()].filter((one) => !nofollow || !one.isLinked);
    const links = [...this.#links.values()].filter((one) => !nofollow || one.kind === 'style');
    const left = this.#images.size - images.length + this.#links.size - links.length;
    const refused = [...this.#refused].filter(
      (url) => !this.#links.has(url) && !this.#images.has(url),
    );
    return {
      images: images.map(({ isLinked: _, ...image }) => image),
      links,
      notFollowed: left + refused.length,
    };
  }

  #addImage(url: string, words: Words, isLinked: boolean): void {
    const known = this.#images.get(url);
    if (known === undefined && this.#images.size >= this.#limits.images) {
      this.isCut = true;
      return;
    }
    const image = known ?? { url, isLinked };
    image.isLinked &&= isLinked;
    image.alt ??= tidy(words.alt);
    image.title ??= tidy(words.title);
    if (known === undefined) this.#images.set(url, image);
  }

  #refuse(url: string): void {
    if (this.#refused.size < this.#limits.links) this.#refused.add(url);
    else this.isCut = true;
  }
}

/** White space collapsed, not longer than is kept; undefined where nothing is left. */
export function tidy(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const words = text
    .slice(0, 10 * MAX_WORDS_LENGTH)
    .trim()
    .replace(/\s+/g, ' ');
  if (words.length <= MAX_WORDS_LENGTH) return words === '' ? undefined : words;
  // Not within a pair of surrogates.
  return words
    .slice(0, MAX_WORDS_LENGTH)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}

function isWeb(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}

function isDataImage(written: string): boolean {
  return /^\s*data:image\//i.test(written.slice(0, 64));
}

/** Empty, or a fragment: the document itself. */
function isWithinDocument(written: string): boolean {
  return /^\s*(?:#|$)/.test(written);
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#');
  return at === -1 ? url : url.slice(0, at);
}
