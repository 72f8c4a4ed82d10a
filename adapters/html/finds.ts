import { kindByName } from '../../core/links/file-names.ts';
import { type ImageFiles, largestFiles } from '../../core/links/image-files.ts';
import { MAX_CANDIDATES } from '../../core/links/srcset.ts';
import type { DocumentKind } from '../../core/model/document-kind.ts';
import type { FoundImage, FoundLink } from '../../core/ports/pages.ts';
import { MAX_WORDS_LENGTH } from './limits.ts';
import { UrlResolver, withoutFragment } from './url-resolver.ts';

/** What an image's element says of it, as written. */
export interface Words {
  readonly alt?: string;
  readonly title?: string;
}

const NO_WORDS: Words = {};

/** What scripts write where they have no address. */
const NO_ADDRESSES: ReadonlySet<string> = new Set([
  'undefined',
  'null',
  'NaN',
  '[object Object]',
  'about:blank',
]);

/** Documents that belong to the page that names them, and are no links of it. */
const PARTS: ReadonlySet<DocumentKind> = new Set(['style', 'manifest']);

/** How a link stands in its document. */
export interface LinkManner {
  /** It asks not to be followed. */
  readonly nofollow: boolean;
  /** It leads to the next or the previous part of the same. */
  readonly isSequel?: boolean;
}

interface Limits {
  readonly images: number;
  readonly links: number;
  /** Of candidates only the largest is wanted. */
  readonly best: boolean;
}

interface EarlyLink {
  readonly written: string;
  readonly manner: LinkManner;
}

interface KnownImage {
  readonly url: string;
  alt?: string;
  title?: string;
  /** Nothing but links lead to it. */
  isLinked: boolean;
  /** What the links to it show, where that was left out for it. */
  previews?: string[];
}

/** What a document names, each URL once and within limits. */
export class Finds {
  readonly urls: UrlResolver;
  readonly #documentUrl: string;
  readonly #limits: Limits;
  readonly #images = new Map<string, KnownImage>();
  readonly #links = new Map<string, FoundLink>();
  readonly #refused = new Set<string>();
  /** Links in front of the base. */
  #early: EarlyLink[] = [];
  /** Whether a limit was met. */
  isCut = false;

  /** @param encoding that of the document, when it is a page */
  constructor(documentUrl: string, limits: Limits, encoding?: string) {
    this.#documentUrl = withoutFragment(documentUrl);
    this.urls = new UrlResolver(documentUrl, encoding);
    this.#limits = limits;
  }

  /** Whether nothing more can be found. */
  get isFull(): boolean {
    return this.#images.size >= this.#limits.images && this.#links.size >= this.#limits.links;
  }

  /** @param words tidied by whoever has them */
  image(written: string, words: Words = NO_WORDS): void {
    if (NO_ADDRESSES.has(written)) return;
    const url = isDataImage(written) ? written.trim() : this.urls.resolve(written);
    if (url !== undefined && url !== this.#documentUrl) this.#addImage(url, words, false);
  }

  /** One image in several files. */
  files(files: ImageFiles, words: Words = NO_WORDS): void {
    const told = { alt: tidy(words.alt), title: tidy(words.title) };
    if (files.sized.length >= MAX_CANDIDATES) this.isCut = true;
    if (this.#limits.best) {
      for (const url of largestFiles(files)) this.image(url, told);
      return;
    }
    for (const { url } of files.plain) this.image(url, told);
    for (const { url } of files.sized) this.image(url, told);
  }

  /** Likewise, where the image is a link to a larger file of it, which is known already. */
  linkedFiles(enlarged: string, files: ImageFiles, words: Words): void {
    const url = this.#limits.best ? this.urls.resolve(enlarged) : undefined;
    const known = url === undefined ? undefined : this.#images.get(url);
    if (known === undefined) {
      this.files(files, words);
      return;
    }
    known.alt ??= tidy(words.alt);
    known.title ??= tidy(words.title);
    const previews = largestFiles(files).flatMap((one) => this.urls.resolve(one) ?? []);
    if (known.isLinked) known.previews = [...(known.previews ?? []), ...previews];
  }

  /** What links and images are relative to from here on, and the links before as well. */
  setBase(href: string): void {
    const early = this.#early;
    this.#early = [];
    const before = early.map(({ written }) => this.urls.resolve(written) ?? '');
    if (!this.urls.setBase(href)) return;
    for (const url of before) {
      this.#links.delete(url);
      if (this.#images.get(url)?.isLinked === true) this.#images.delete(url);
    }
    for (const { written, manner } of early) this.anchor(written, manner);
  }

  /** For a document within this one, whose base is its own. @returns how to go back */
  enterInner(): () => void {
    const leave = this.urls.enterInner();
    const early = this.#early;
    this.#early = [];
    return () => {
      leave();
      this.#early = early;
    };
  }

  /** A link that people follow: it is resolved when they do, by the base that there is then. */
  anchor(written: string, manner: LinkManner): void {
    if (kindByName(written) === 'image') this.linkedImage(written, manner);
    else this.link(written, 'page', manner);
    if (!this.urls.hasBase && this.#early.length < this.#limits.links)
      this.#early.push({ written, manner });
  }

  /** An image that a link leads to. */
  linkedImage(written: string, { nofollow }: LinkManner): void {
    const url = this.urls.resolve(written);
    if (url === undefined) return;
    if (nofollow) this.#refuse(url);
    else this.#addImage(url, NO_WORDS, true);
  }

  link(written: string, kind: DocumentKind, { nofollow, isSequel = false }: LinkManner): void {
    const url = this.urls.resolve(written);
    if (url === undefined) return;
    const known = this.#links.get(url);
    // One of several links to a page is enough to say so.
    if (known !== undefined && (!isSequel || nofollow)) return;
    if (known === undefined && this.#links.size >= this.#limits.links) this.isCut = true;
    else if (nofollow) this.#refuse(url);
    else if (known?.kind === 'page' || known === undefined)
      this.#links.set(url, isSequel ? { url, kind, isSequel } : { url, kind });
  }

  /** @param nofollow that the document wants none of its links followed */
  result(nofollow: boolean): {
    readonly images: readonly FoundImage[];
    readonly links: readonly FoundLink[];
    readonly notFollowed: number;
  } {
    if (nofollow) this.#takePreviews();
    const images = [...this.#images.values()].filter((one) => !nofollow || !one.isLinked);
    const links = [...this.#links.values()].filter(({ kind }) => !nofollow || PARTS.has(kind));
    const left = this.#images.size - images.length + this.#links.size - links.length;
    const refused = [...this.#refused].filter(
      (url) => !this.#links.has(url) && !this.#images.has(url),
    );
    return {
      images: images.map(({ isLinked: _, previews: __, ...image }) => image),
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

  /** Of images whose larger file may not be taken. */
  #takePreviews(): void {
    for (const { isLinked, previews = [], alt, title } of [...this.#images.values()]) {
      if (isLinked) for (const url of previews) this.#addImage(url, { alt, title }, false);
    }
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
  // Nearly all addresses begin otherwise.
  if (!/^[\sd]/i.test(written)) return false;
  return /^\s*data:image\//i.test(written.slice(0, 64));
}
