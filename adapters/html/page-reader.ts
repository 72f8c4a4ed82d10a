import { kindByName } from '../../core/links/file-names.ts';
import { type ImageFiles, NO_FILES } from '../../core/links/image-files.ts';
import { jsonLdImages } from '../../core/links/json-ld-images.ts';
import { headerLinks } from '../../core/links/link-header.ts';
import type { MetaElement } from '../../core/rights/opt-out.ts';
import { ELEMENT_RULES, type ElementSink, WITH_BACKGROUND } from './element-rules.ts';
import { type Finds, tidy } from './finds.ts';
import { ForeignContent } from './foreign-content.ts';
import { isImage, isOfImages } from './image-elements.ts';
import { filesOfImage, filesOfSource, joined, lateFiles } from './image-files.ts';
import { isKept } from './kept-attributes.ts';
import { MAX_ATTRIBUTE_LENGTH, MAX_BLOCK_LENGTH, MAX_METAS, MAX_NESTING } from './limits.ts';
import { type Attributes, type MarkupHandler, MarkupReader } from './markup-reader.ts';
import { readCss } from './read-css.ts';

/** Elements whose text is read. */
type Block = 'style' | 'json-ld' | 'title';

const JSON_LD = /^\s*application\/ld\+json\s*(?:;|$)/i;

/** Reads HTML as people see it, with scripts and without, and as it declares itself to machines. */
export class PageReader implements MarkupHandler, ElementSink {
  readonly finds: Finds;
  readonly metas: MetaElement[] = [];
  /** The address that the page says it has. */
  canonicalUrl: string | undefined;
  /** The address of its terms as RSL. */
  licenseUrl: string | undefined;
  readonly #foreign = new ForeignContent();
  readonly #nesting: number;
  #title: string | undefined;
  #block: Block | undefined;
  #text = '';
  #picture: ImageFiles | undefined;
  /** The larger file that an open link leads to, until there is an image in it. */
  #enlarged: string | undefined;
  #isInMedia = false;

  /** @param nesting how many documents this one is within */
  constructor(finds: Finds, nesting = 0) {
    this.finds = finds;
    this.#nesting = nesting;
  }

  get title(): string | undefined {
    return tidy(this.#title);
  }

  get wantsText(): boolean {
    return this.#block !== undefined;
  }

  get isForeign(): boolean {
    return this.#foreign.isForeign;
  }

  wants(attribute: string, element: string): boolean {
    return isKept(attribute, element);
  }

  open(name: string, attributes: Attributes, isSelfClosing: boolean): void {
    this.#foreign.open(name, isSelfClosing);
    if (name === 'picture') this.#beginPicture();
    if (name === 'video' || name === 'audio') this.#isInMedia = true;
    if (attributes.size > 0) this.#read(name, attributes);
    if (!isSelfClosing || !this.isForeign) this.#beginBlock(name, attributes);
  }

  close(name: string): void {
    this.#foreign.close(name);
    if (name === 'picture') this.#endPicture();
    else if (name === 'a') this.#enlarged = undefined;
    else if (name === 'video' || name === 'audio') this.#isInMedia = false;
    else if (this.#block !== undefined) this.#endBlock();
  }

  text(data: string): void {
    if (this.#text.length + data.length <= MAX_BLOCK_LENGTH) this.#text += data;
    else this.finds.isCut = true;
  }

  /** Takes what the end of the document leaves open. */
  end(): void {
    this.#endPicture();
    this.#endBlock();
  }

  meta(name: string, content: string): void {
    if (this.metas.length < MAX_METAS) this.metas.push({ name, content });
  }

  canonical(href: string): void {
    this.canonicalUrl ??= this.finds.urls.resolve(href);
  }

  license(href: string): void {
    this.licenseUrl ??= this.finds.urls.resolve(href);
  }

  inner(markup: string): void {
    if (this.#nesting >= MAX_NESTING) {
      this.finds.isCut = true;
      return;
    }
    const leave = this.finds.enterInner();
    readFragment(markup, this.finds, this.#nesting + 1);
    leave();
  }

  /** Links of the answer's header are those of `link` elements in front of the page. */
  header(linkHeader: string): void {
    for (const { href, parameters } of headerLinks(linkHeader))
      ELEMENT_RULES.get('link')?.(new Map([...parameters, ['href', href]]), this);
  }

  #read(name: string, attributes: Attributes): void {
    this.#readFiles(name, attributes);
    if (name === 'a') this.#enlarged = attributes.get('href');
    ELEMENT_RULES.get(name)?.(attributes, this);
    const poster = attributes.get('poster');
    if (poster !== undefined) this.finds.image(poster);
    const background = attributes.get('background');
    if (background !== undefined && WITH_BACKGROUND.has(name)) this.finds.image(background);
    const style = attributes.get('style');
    if (style !== undefined) readCss(style, this.finds);
  }

  #readFiles(name: string, attributes: Attributes): void {
    if (isImage(name, attributes)) this.#addImage(attributes);
    else if (name === 'source' && !this.#isInMedia) this.#addSource(filesOfSource(attributes));
    else this.#addFiles(lateFiles(attributes, isOfImages(name)));
  }

  #addImage(attributes: Attributes): void {
    const files = filesOfImage(attributes);
    const words = { alt: attributes.get('alt'), title: attributes.get('title') };
    const all = this.#picture === undefined ? files : joined(this.#picture, files);
    this.#picture = undefined;
    const enlarged = this.#enlarged;
    this.#enlarged = undefined;
    if (enlarged !== undefined && kindByName(enlarged) === 'image')
      this.finds.linkedFiles(enlarged, all, words);
    else this.finds.files(all, words);
  }

  #addSource(files: ImageFiles): void {
    if (this.#picture === undefined) this.#addFiles(files);
    else this.#picture = joined(this.#picture, files);
  }

  #addFiles(files: ImageFiles): void {
    if (files.plain.length > 0 || files.sized.length > 0) this.finds.files(files);
  }

  #beginPicture(): void {
    this.#endPicture();
    this.#picture = NO_FILES;
  }

  #endPicture(): void {
    if (this.#picture !== undefined) this.#addFiles(this.#picture);
    this.#picture = undefined;
  }

  #beginBlock(name: string, attributes: Attributes): void {
    if (name === 'style') this.#block = 'style';
    else if (name === 'script' && JSON_LD.test(attributes.get('type') ?? ''))
      this.#block = 'json-ld';
    else if (name === 'title' && this.#title === undefined && !this.#foreign.isWithin)
      this.#block = 'title';
  }

  #endBlock(): void {
    const text = this.#text;
    if (this.#block === 'title') this.#title = text;
    if (this.#block === 'style') readCss(text, this.finds);
    if (this.#block === 'json-ld') for (const url of jsonLdImages(text)) this.finds.image(url);
    this.#block = undefined;
    this.#text = '';
  }
}

/** Markup that is in memory as a whole: a document within another, or a part of one. */
export function readFragment(markup: string, finds: Finds, nesting: number): void {
  const page = new PageReader(finds, nesting);
  const options = { xml: false, maxAttributeLength: MAX_ATTRIBUTE_LENGTH };
  const reader = new MarkupReader(page, options);
  reader.write(markup);
  reader.end();
  page.end();
  if (reader.isCut) finds.isCut = true;
}
