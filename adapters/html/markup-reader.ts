import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** Those of an element that are known; the first of each name, as in the HTML standard. */
export type Attributes = ReadonlyMap<string, string>;

/** What a reader of markup is told, in the order of the document. */
export interface MarkupHandler {
  /** Whether an attribute of an element is kept. */
  wants(attribute: string, element: string): boolean;
  /** Whether text is wanted where the document is now. */
  readonly wantsText: boolean;
  /** Whether the document is inside SVG or MathML now, where there is no text without markup. */
  readonly isForeign: boolean;
  open(name: string, attributes: Attributes, isSelfClosing: boolean): void;
  close(name: string): void;
  text(data: string): void;
}

export interface MarkupOptions {
  /** XML: names keep their case, only its own five entities and numbers are known. */
  readonly xml: boolean;
  /** XHTML: `<script/>` and its like have no content. HTML reads that as a start tag. */
  readonly selfClosing?: boolean;
  /** Longer values are left out, and told by `isCut`. */
  readonly maxAttributeLength: number;
}

/** No longer name is ever asked for. */
const MAX_NAME_LENGTH = 64;

const NO_ATTRIBUTES: Attributes = new Map();

/**
 * Tells start tags, end tags and text of markup that comes in pieces. It uses the tokenizer below
 * the parser of htmlparser2: the parser keeps a list of open elements whose every change takes time
 * in its length, so that a page nested a million deep would take hours; nothing here asks for it.
 */
export class MarkupReader implements TokenizerCallbacks {
  readonly #handler: MarkupHandler;
  readonly #options: MarkupOptions;
  readonly #tokenizer: Tokenizer;
  /** Pieces in which the present token lies, and where the first of them begins. */
  readonly #pieces: string[] = [];
  #offset = 0;
  #name = '';
  #attributes: Map<string, string> | undefined;
  #attributeName: string | undefined;
  #value = '';
  #isCut = false;

  constructor(handler: MarkupHandler, options: MarkupOptions) {
    this.#handler = handler;
    this.#options = options;
    const { xml, selfClosing = xml } = options;
    this.#tokenizer = new Tokenizer({ xmlMode: xml, recognizeSelfClosing: selfClosing }, this);
  }

  /** Whether something was left out for its length. */
  get isCut(): boolean {
    return this.#isCut;
  }

  write(piece: string): void {
    if (piece === '') return;
    this.#pieces.push(piece);
    this.#tokenizer.write(piece);
  }

  end(): void {
    this.#tokenizer.end();
  }

  isInForeignContext(): boolean {
    return this.#handler.isForeign;
  }

  onopentagname(start: number, end: number): void {
    this.#name = this.#nameAt(start, end);
    this.#attributes = undefined;
  }

  onattribname(start: number, end: number): void {
    const name = this.#nameAt(start, end);
    const isWanted = this.#handler.wants(name, this.#name);
    this.#attributeName = isWanted && !this.#attributes?.has(name) ? name : undefined;
    this.#value = '';
  }

  onattribdata(start: number, end: number): void {
    if (this.#attributeName === undefined) return;
    if (this.#value.length + end - start > this.#options.maxAttributeLength) {
      this.#attributeName = undefined;
      this.#isCut = true;
      return;
    }
    this.#value += this.#slice(start, end);
  }

  onattribentity(codePoint: number): void {
    if (this.#attributeName !== undefined) this.#value += String.fromCodePoint(codePoint);
  }

  onattribend(): void {
    if (this.#attributeName === undefined) return;
    this.#attributes ??= new Map();
    this.#attributes.set(this.#attributeName, this.#value);
    this.#attributeName = undefined;
  }

  onopentagend(): void {
    this.#handler.open(this.#name, this.#attributes ?? NO_ATTRIBUTES, false);
  }

  onselfclosingtag(): void {
    this.#handler.open(this.#name, this.#attributes ?? NO_ATTRIBUTES, true);
  }

  onclosetag(start: number, end: number): void {
    this.#handler.close(this.#nameAt(start, end));
  }

  ontext(start: number, end: number): void {
    if (this.#handler.wantsText) this.#handler.text(this.#slice(start, end));
  }

  ontextentity(codePoint: number): void {
    if (this.#handler.wantsText) this.#handler.text(String.fromCodePoint(codePoint));
  }

  oncdata(start: number, end: number, behind: number): void {
    const isText = this.#options.xml || this.#handler.isForeign;
    if (isText && this.#handler.wantsText) this.#handler.text(this.#slice(start, end - behind));
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  #nameAt(start: number, end: number): string {
    const name = this.#slice(start, Math.min(end, start + MAX_NAME_LENGTH));
    return this.#options.xml ? name : name.toLowerCase();
  }

  #slice(start: number, end: number): string {
    let [piece = ''] = this.#pieces;
    while (start - this.#offset >= piece.length && this.#pieces.length > 1) {
      this.#pieces.shift();
      this.#offset += piece.length;
      [piece = ''] = this.#pieces;
    }
    const from = start - this.#offset;
    const to = end - this.#offset;
    if (to <= piece.length) return piece.slice(from, to);
    return this.#pieces.join('').slice(from, to);
  }
}
