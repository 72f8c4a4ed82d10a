/** HTML in the midst of SVG and MathML, by the HTML standard. */
const INTEGRATION_POINTS: ReadonlySet<string> = new Set([
  'foreignobject',
  'desc',
  'title',
  'annotation-xml',
  'mi',
  'mo',
  'mn',
  'ms',
  'mtext',
]);

/** Elements that end SVG and MathML that were not closed. */
const BREAK_OUT: ReadonlySet<string> = new Set([
  'b',
  'big',
  'blockquote',
  'body',
  'br',
  'center',
  'code',
  'dd',
  'div',
  'dl',
  'dt',
  'em',
  'embed',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'head',
  'hr',
  'i',
  'img',
  'li',
  'listing',
  'menu',
  'meta',
  'nobr',
  'ol',
  'p',
  'pre',
  'ruby',
  's',
  'small',
  'span',
  'strong',
  'strike',
  'sub',
  'sup',
  'table',
  'tt',
  'u',
  'ul',
  'var',
]);

/** Deeper ones are not told apart. */
const MAX_DEPTH = 100;

/** Where in a document there is SVG or MathML: its `title` and `style` are elements like others. */
export class ForeignContent {
  /** The elements that lead in and out, the innermost last. */
  readonly #entered: string[] = [];

  get isForeign(): boolean {
    const last = this.#entered.at(-1);
    return last === 'svg' || last === 'math';
  }

  /** Also within HTML that is within SVG. */
  get isWithin(): boolean {
    return this.#entered.length > 0;
  }

  open(name: string, isSelfClosing: boolean): void {
    if (this.#entered.length > 0 && BREAK_OUT.has(name)) this.#breakOut();
    const leads = name === 'svg' || name === 'math' || this.#isIntegrationPoint(name);
    if (leads && !isSelfClosing && this.#entered.length < MAX_DEPTH) this.#entered.push(name);
  }

  close(name: string): void {
    const at = this.#entered.lastIndexOf(name);
    if (at !== -1) this.#entered.length = at;
  }

  #isIntegrationPoint(name: string): boolean {
    return this.isForeign && INTEGRATION_POINTS.has(name);
  }

  #breakOut(): void {
    while (this.isForeign) this.#entered.pop();
  }
}
