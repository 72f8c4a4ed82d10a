import { namesProduct } from '../model/product-token.ts';
import type { Positions, Purpose } from '../model/purpose.ts';
import { mergePositions, positionFor, type Statement, statement } from '../model/statement.ts';

/** No more of a header is read, in characters (draft-illyes-repext: at least 8 KiB). */
const MAX_HEADER = 8192;

/**
 * What the directives of `Robots-Tag`, `X-Robots-Tag` and robots meta elements reserve.
 * `noai` and `noimageai` are a convention of 2022 without a specification, `noml` likewise.
 */
const RESERVED: ReadonlyMap<string, Positions> = new Map([
  ['noindex', positionFor('reserved', ['search'])],
  ['noimageindex', positionFor('reserved', ['search'])],
  ['none', positionFor('reserved', ['search'])],
  ['noai', positionFor('reserved', ['train'])],
  ['noimageai', positionFor('reserved', ['train'])],
  ['noml', positionFor('reserved', ['train'])],
]);

/** Whether a directive reserves one of these purposes. */
export function directiveReserves(directive: string, purposes: readonly Purpose[]): boolean {
  const positions = RESERVED.get(directive) ?? {};
  return purposes.some((purpose) => positions[purpose] === 'reserved');
}

/** What directives that concern this crawler reserve together; `where` is `header` or `meta`. */
export function directivesStatement(
  directives: Iterable<string>,
  where: 'header' | 'meta',
): Statement | undefined {
  const effective = [...directives].filter((directive) => RESERVED.has(directive));
  const positions = effective.reduce<Positions>(
    (sum, directive) => mergePositions(sum, RESERVED.get(directive) ?? {}),
    {},
  );
  const signal = where === 'header' ? 'robots-tag' : 'robots-meta';
  return statement(signal, where, effective.join(', '), positions);
}

/**
 * The rules of a `Robots-Tag` header (draft-illyes-repext-03, section 3.1.1) for a product token:
 * a list of tokens with rules as parameters. Those for `*` and those for the token hold together;
 * a token left out is `*`. Members after the limit, and the one that it cuts, are ignored.
 */
export function robotsTagRules(header: string, productToken: string): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const member of membersOf(header)) {
    const [token = '', ...parameters] = member.split(';').map(nameOf);
    const isOurs = token === '' || token === '*' || namesProduct(token, productToken);
    if (isOurs) for (const rule of parameters) rules.add(rule.toLowerCase());
  }
  return rules;
}

function membersOf(header: string): readonly string[] {
  if (header.length <= MAX_HEADER) return header.split(',');
  return header.slice(0, MAX_HEADER).split(',').slice(0, -1);
}

/** `name=value`, `"name"` and ` name ` are all `name`. */
function nameOf(text: string): string {
  const [name = ''] = text.split('=', 1);
  return name.trim().replace(/^"(.*)"$/, '$1');
}
