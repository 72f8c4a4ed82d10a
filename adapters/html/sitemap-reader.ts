import { FEED_ATTRIBUTES, FEED_RULES, feedName, readEntry, readPart } from './feed-rules.ts';
import { type Finds, tidy } from './finds.ts';
import { isKept } from './kept-attributes.ts';
import { MAX_BLOCK_LENGTH } from './limits.ts';
import type { Attributes, MarkupHandler } from './markup-reader.ts';
import { PageReader, readFragment } from './page-reader.ts';

/** Elements whose text says something. */
const TEXTS: ReadonlySet<string> = new Set([
  'loc',
  'title',
  'caption',
  'thumbnail_loc',
  'link',
  'url',
  'logo',
  'icon',
  'description',
  'encoded',
  'content',
  'summary',
]);

/** Those whose text is HTML, or whose elements are those of XHTML. */
const MARKUP: ReadonlySet<string> = new Set(['description', 'encoded', 'content', 'summary']);

/** Deeper elements have no name here; none that is read lies so deep. */
const MAX_DEPTH = 64;

/** An image of a sitemap, or a film with a picture of it. */
interface Entry {
  address?: string;
  caption?: string;
  title?: string;
}

/**
 * Reads sitemaps (with the extensions for images, films and languages), their indexes, RSS in all
 * its versions and Atom.
 */
export class SitemapReader implements MarkupHandler {
  readonly isForeign = false;
  readonly #finds: Finds;
  /** Names of the open elements. */
  readonly #path: string[] = [];
  #deeper = 0;
  #text: string | undefined;
  #entry: Entry | undefined;
  /** Reads the XHTML within an entry, which began so deep. */
  #page: PageReader | undefined;
  #pageDepth = 0;
  #title: string | undefined;

  constructor(finds: Finds) {
    this.#finds = finds;
  }

  get title(): string | undefined {
    return tidy(this.#title);
  }

  get wantsText(): boolean {
    return this.#text !== undefined || this.#page?.wantsText === true;
  }

  wants(attribute: string, element: string): boolean {
    return FEED_ATTRIBUTES.has(attribute) || isKept(attribute, element);
  }

  open(qualified: string, attributes: Attributes, isSelfClosing: boolean): void {
    const name = feedName(qualified);
    if (this.#page === undefined && MARKUP.has(this.#path.at(-1) ?? '')) this.#beginPage();
    if (this.#page === undefined) this.#openOwn(name, attributes);
    else this.#page.open(name, attributes, isSelfClosing);
    if (this.#path.length < MAX_DEPTH) this.#path.push(name);
    else this.#deeper += 1;
    if (isSelfClosing) this.close(qualified);
  }

  close(qualified: string): void {
    const name = feedName(qualified);
    if (this.#deeper > 0) {
      this.#deeper -= 1;
      this.#page?.close(name);
      return;
    }
    const at = this.#path.lastIndexOf(name);
    if (at === -1) return;
    this.#path.length = at;
    if (this.#page === undefined) this.#closeOwn(name);
    else if (at < this.#pageDepth) this.#endPage();
    else this.#page.close(name);
  }

  text(data: string): void {
    if (this.#page !== undefined) this.#page.text(data);
    else if (this.#text === undefined || this.#text.length + data.length > MAX_BLOCK_LENGTH)
      this.#finds.isCut = true;
    else this.#text += data;
  }

  end(): void {
    this.#page?.end();
  }

  #openOwn(name: string, attributes: Attributes): void {
    this.#text = TEXTS.has(name) ? '' : undefined;
    if (name === 'image' || name === 'video') this.#entry = {};
    if (attributes.size > 0) FEED_RULES.get(name)?.(attributes, this.#finds);
  }

  #closeOwn(name: string): void {
    const text = this.#text?.trim() ?? '';
    this.#text = undefined;
    if (name === 'image' || name === 'video') this.#endEntry();
    else if (text !== '') this.#read(name, text);
  }

  #read(name: string, text: string): void {
    const parent = this.#path.at(-1) ?? '';
    if (this.#entry !== undefined) this.#readOfEntry(this.#entry, name, text);
    else if (name === 'loc' && parent === 'sitemap') readPart(text, this.#finds);
    else if (name === 'loc' || name === 'link') readEntry(text, this.#finds);
    else if (name === 'logo' || name === 'icon') this.#finds.image(text);
    else if (name === 'title' && this.#path.length <= 2) this.#title ??= text;
    else if (MARKUP.has(name) && text.includes('<')) readFragment(text, this.#finds, 1);
  }

  #readOfEntry(entry: Entry, name: string, text: string): void {
    // What a channel's image is a link to is the channel's page.
    if (name === 'link') readEntry(text, this.#finds);
    if (name === 'loc' || name === 'url' || name === 'thumbnail_loc') entry.address ??= text;
    if (name === 'caption') entry.caption ??= text;
    if (name === 'title') entry.title ??= text;
  }

  #endEntry(): void {
    const { address, caption: alt, title } = this.#entry ?? {};
    if (address !== undefined) this.#finds.image(address, { alt: tidy(alt), title: tidy(title) });
    this.#entry = undefined;
  }

  #beginPage(): void {
    this.#page = new PageReader(this.#finds, 1);
    this.#pageDepth = this.#path.length;
    this.#text = undefined;
  }

  #endPage(): void {
    this.#page?.end();
    this.#page = undefined;
  }
}
