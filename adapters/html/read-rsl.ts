import type { RslContent, RslDocument, RslLicense } from '../../core/ports/read-rsl.ts';
import { MAX_RSL_BYTES } from '../../core/rights/rsl.ts';
import { type Attributes, type MarkupHandler, MarkupReader } from './markup-reader.ts';

/** Namespace of RSL 1.0; only its presence is asked for, whatever the prefix is. */
const NAMESPACE = 'https://rslstandard.org/rsl';
/** Scopes and licenses of one document that are read. */
const MAX_PARTS = 10_000;

/**
 * Reads an RSL document (application/rsl+xml), on its own or inside a page; undefined when it is
 * none: then whoever named it has reserved everything. Entities that it declares are not expanded.
 */
export function readRsl(bytes: Uint8Array): RslDocument {
  if (bytes.byteLength > MAX_RSL_BYTES) return undefined;
  const reader = new RslReader();
  const markup = new MarkupReader(reader, { xml: true, maxAttributeLength: 8192 });
  markup.write(new TextDecoder('utf-8').decode(bytes));
  markup.end();
  return markup.isCut ? undefined : reader.document();
}

const ATTRIBUTES: ReadonlySet<string> = new Set(['xmlns', 'xmlns:rsl', 'url', 'server', 'type']);

interface OpenLicense {
  readonly permits: string[];
  readonly prohibits: string[];
  readonly payments: string[];
}

interface OpenContent {
  readonly url: string;
  readonly server?: string;
  readonly licenses: RslLicense[];
}

class RslReader implements MarkupHandler {
  readonly isForeign = false;
  readonly #contents: RslContent[] = [];
  #content: OpenContent | undefined;
  #license: OpenLicense | undefined;
  /** Tokens of the element that is open. */
  #tokens: string[] | undefined;
  #text = '';
  #isRsl = false;
  #isClosed = false;
  #parts = 0;

  wants(attribute: string): boolean {
    return ATTRIBUTES.has(attribute);
  }

  get wantsText(): boolean {
    return this.#tokens !== undefined;
  }

  /** Undefined where the document has no root of RSL, is cut, or has too many parts. */
  document(): RslDocument {
    return this.#isRsl && this.#isClosed && this.#parts <= MAX_PARTS ? this.#contents : undefined;
  }

  open(qualified: string, attributes: Attributes, isSelfClosing: boolean): void {
    const name = localName(qualified);
    if (name === 'rsl') this.#isRsl ||= [...attributes.values()].includes(NAMESPACE);
    else if (name === 'content') this.#openContent(attributes);
    else if (name === 'license') this.#license = { permits: [], prohibits: [], payments: [] };
    else this.#openTerm(name, attributes);
    if (isSelfClosing) this.close(qualified);
  }

  close(qualified: string): void {
    const name = localName(qualified);
    if (name === 'rsl') this.#isClosed = true;
    else if (name === 'content') this.#closeContent();
    else if (name === 'license') this.#closeLicense();
    else if (name === 'permits' || name === 'prohibits') this.#closeTokens();
  }

  text(data: string): void {
    this.#text += data;
  }

  #openContent(attributes: Attributes): void {
    this.#parts += 1;
    const server = attributes.get('server');
    const url = attributes.get('url') ?? '/';
    this.#content = server === undefined ? { url, licenses: [] } : { url, server, licenses: [] };
  }

  #openTerm(name: string, attributes: Attributes): void {
    const type = attributes.get('type');
    if (this.#license === undefined) return;
    if (name === 'payment') this.#license.payments.push((type ?? 'purchase').toLowerCase());
    const isUsage = type === undefined || type.toLowerCase() === 'usage';
    if (!isUsage || (name !== 'permits' && name !== 'prohibits')) return;
    this.#tokens = this.#license[name];
    this.#text = '';
  }

  #closeTokens(): void {
    const tokens = this.#text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((token) => token !== '');
    this.#tokens?.push(...tokens.slice(0, 64));
    this.#tokens = undefined;
  }

  #closeLicense(): void {
    this.#parts += 1;
    if (this.#license !== undefined) this.#content?.licenses.push(this.#license);
    this.#license = undefined;
  }

  #closeContent(): void {
    if (this.#content !== undefined) this.#contents.push(this.#content);
    this.#content = undefined;
  }
}

function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1).toLowerCase();
}
