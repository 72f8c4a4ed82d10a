import { type Candidate, largestOf, MAX_CANDIDATES } from '../../core/links/srcset.ts';
import type { DocumentKind, FoundImage, FoundLink } from '../../core/ports/pages.ts';
import { MAX_WORDS_LENGTH } from './limits.ts';
import { UrlResolver, withoutFragment } from './url-resolver.ts';

/** What an image's element says of it, as written. */
export interface Words {
  readonly alt?: string;
  readonly title?: string;
}

const NO_WORDS: Words = {};

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

/** What a document names, each URL once and within limits. */
export class Finds {
  readonly urls: UrlResolver;
  readonly #documentUrl: string;
  readonly #limits: Limits;
  readonly #images = new Map<string, KnownImage>();
  readonly #links = new Map<string, FoundLink>();
  readonly #refused = new Set<string>();
  /** Whether a limit was met. */
  isCut = false;

  constructor(documentUrl: string, limits: Limits) {
    this.#documentUrl = withoutFragment(documentUrl);
    this.urls = new UrlResolver(documentUrl);
    this.#limits = limits;
  }

  /** Whether nothing more can be found. */
  get isFull(): boolean {
    return this.#images.size >= this.#limits.images && this.#links.size >= this.#limits.links;
  }

  /** @param words tidied by whoever has them */
  image(written: string, words: Words = NO_WORDS): void {
    const url = isDataImage(written) ? written.trim() : this.urls.resolve(written);
    if (url !== undefined && url !== this.#documentUrl) this.#addImage(url, words, false);
  }

  /** One image in several files: plain addresses, and candidates that say how large they are. */
  candidates(plain: readonly string[], sized: readonly Candidate[], words: Words = NO_WORDS): void {
    if (sized.length >= MAX_CANDIDATES) this.isCut = true;
    const largest = this.#limits.best ? largestOf(sized) : undefined;
    const told = { alt: tidy(words.alt), title: tidy(words.title) };
    const urls = largest === undefined ? [...plain, ...sized.map(({ url }) => url)] : [largest.url];
    for (const url of urls) this.image(url, told);
  }

  /** An image that a link leads to. */
  linkedImage(written: string, { nofollow }: LinkManner): void {
    const url = this.urls.resolve(written);
    if (url === undefined) return;
    if (nofollow) this.#refuse(url);
    else this.#addImage(url, NO_WORDS, true);
  }

  link(written: string, kind: DocumentKind, { nofollow }: LinkManner): void {
    const url = this.urls.resolve(written);
    if (url === undefined || this.#links.has(url)) return;
    if (this.#links.size >= this.#limits.links) this.isCut = true;
    else if (nofollow) this.#refuse(url);
    else this.#links.set(url, { url, kind });
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
    image.alt ??= words.alt;
    image.title ??= words.title;
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

function isDataImage(written: string): boolean {
  return /^\s*data:image\//i.test(written.slice(0, 64));
}
