import { OPT_OUTS, type OptOut } from '../model/opt-outs.ts';
import { namesProduct } from '../model/product-token.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Headers } from '../ports/fetcher.ts';
import { directiveReserves, robotsTagRules } from './robots-tag.ts';

/** Names that no agent has: a colon after one of them begins its value. */
const DIRECTIVES: ReadonlySet<string> = new Set([
  ...OPT_OUTS,
  'all',
  'index',
  'follow',
  'nofollow',
  'noarchive',
  'nocache',
  'nosnippet',
  'notranslate',
  'indexifembedded',
  'max-snippet',
  'max-image-preview',
  'max-video-preview',
]);

/** What a page's meta elements and headers ask of us together. */
export interface PageDirectives {
  readonly optOut?: OptOut;
  /** Its links are not to be followed. */
  readonly nofollow: boolean;
}

/** A `<meta name content>` of a page, as written. */
export interface MetaElement {
  readonly name: string;
  readonly content: string;
}

/** The header and directive by which an answer keeps a resource from a crawler, for these purposes. */
export function optOutDetail(
  headers: Headers,
  productToken: string,
  purposes: readonly Purpose[],
): string {
  const optOut = optOutOf(headers['x-robots-tag'], productToken, purposes);
  if (optOut !== undefined) return `X-Robots-Tag: ${optOut}`;
  const rules = robotsTagRules(headers['robots-tag'] ?? '', productToken);
  return `Robots-Tag: ${optOutIn(rules, purposes) ?? ''}`;
}

/**
 * The directive of an `X-Robots-Tag` that keeps a resource from a crawler of this product token, for
 * one of these purposes; undefined when nothing does. Repeated headers are joined with a comma: a directive belongs to
 * the agent that was named last before it, one before any agent to everyone.
 */
export function optOutOf(
  header: string | undefined,
  productToken: string,
  purposes: readonly Purpose[],
): OptOut | undefined {
  return optOutIn(xRobotsTagRules(header, productToken), purposes);
}

/** The same for a page, with its meta elements named `robots` or by the product token. */
export function pageDirectives(
  headers: Headers,
  metas: readonly MetaElement[],
  productToken: string,
  purposes: readonly Purpose[],
): PageDirectives {
  const ofMetas = metas
    .filter(({ name }) => concernsUs(name.trim(), productToken))
    .flatMap(({ content }) => wordsOf(content));
  const directives = new Set([
    ...xRobotsTagRules(headers['x-robots-tag'], productToken),
    ...robotsTagRules(headers['robots-tag'] ?? '', productToken),
    ...ofMetas,
  ]);
  return {
    optOut: optOutIn(directives, purposes),
    nofollow: directives.has('nofollow') || directives.has('none'),
  };
}

/** Permissions (`all`, `index`) take nothing back: the strictest of all directives holds. */
function optOutIn(
  directives: ReadonlySet<string>,
  purposes: readonly Purpose[],
): OptOut | undefined {
  return OPT_OUTS.find((one) => directives.has(one) && directiveReserves(one, purposes));
}

/**
 * Directives of an `X-Robots-Tag` for everyone and for a product token, in lower case. A value stays
 * on its word, where it is no directive.
 */
export function xRobotsTagRules(header = '', productToken: string): ReadonlySet<string> {
  const directives = new Set<string>();
  let ours = true;
  for (const word of wordsOf(header)) {
    const { agent, directive } = splitWord(word);
    if (agent !== undefined) ours = concernsUs(agent, productToken);
    if (ours) directives.add(directive);
  }
  return directives;
}

/** In lower case; sites part them with commas, and with semicolons or space where they err. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?: ?/g, ':')
    .replaceAll(/unavailable_after:[^,;]*/g, '')
    .split(/[ ,;]+/);
}

/** `foobot:noindex` names an agent, `max-snippet:-1` does not, nor does an hour (`15:00:00`). */
function splitWord(word: string): { readonly agent?: string; readonly directive: string } {
  const colon = word.indexOf(':');
  if (colon === -1) return { directive: word };
  const name = word.slice(0, colon);
  if (DIRECTIVES.has(name)) return { directive: name };
  if (!/^(?:\*|[a-z_][\w./-]*)$/.test(name)) return { directive: word };
  const rest = word.slice(colon + 1);
  const end = rest.indexOf(':');
  return { agent: name, directive: end === -1 ? rest : rest.slice(0, end) };
}

function concernsUs(agent: string, productToken: string): boolean {
  return ['*', 'robots'].includes(agent.toLowerCase()) || namesProduct(agent, productToken);
}
