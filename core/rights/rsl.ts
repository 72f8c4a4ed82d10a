import { originOf } from '../canonical-url.ts';
import { comparablePaths } from '../robots/comparable-path.ts';
import { PathPattern } from '../robots/path-pattern.ts';
import type { Position, Positions, Purpose } from './purpose.ts';
import { mergePositions, positionFor, type Statement, statement } from './statement.ts';

/** No more of a document is read, in bytes. */
export const MAX_RSL_BYTES = 256 * 1024;

/** A `<license>` of RSL 1.0, as far as it is about uses. */
export interface RslLicense {
  /** Tokens of `<permits type="usage">`. */
  readonly permits: readonly string[];
  /** Tokens of `<prohibits type="usage">`. */
  readonly prohibits: readonly string[];
  /** Types of `<payment>`; none means free. */
  readonly payments: readonly string[];
}

/** A `<content>` of RSL 1.0: a scope and its licenses. */
export interface RslContent {
  /** A path pattern, or an absolute URL with one. */
  readonly url: string;
  /** A license has to be obtained there, even when it is free. */
  readonly server?: string;
  readonly licenses: readonly RslLicense[];
}

/** A document of RSL 1.0: plain JSON, to be kept and shared; undefined when it was named and is unreadable. */
export type RslDocument = readonly RslContent[] | undefined;

const USES: ReadonlyMap<string, readonly Purpose[]> = new Map([
  ['all', ['train', 'ai-input', 'search', 'tdm', 'keep']],
  ['ai-all', ['train', 'ai-input']],
  ['ai-train', ['train']],
  ['ai-input', ['ai-input']],
  ['ai-index', ['search']],
  ['search', ['search']],
]);

/** Payments for which nobody has to be asked first. */
const FREE: ReadonlySet<string> = new Set(['free', 'attribution']);

/**
 * What a document says of a URL: its most specific scope counts. A use that is prohibited is
 * reserved, and so is one for which a license must be bought or fetched first. A document that was
 * named and is unreadable leaves the asset unlicensed: everything is reserved.
 */
export function rslStatement(
  url: string,
  address: string,
  document: RslDocument,
): Statement | undefined {
  if (document === undefined)
    return statement('rsl', address, 'unreadable', positionFor('reserved', usesOf(['all'])));
  const content = mostSpecific(url, document);
  if (content === undefined) return undefined;
  const positions = content.licenses.reduce<Positions>(
    (sum, license) => mergePositions(sum, positionsOf(license, content.server !== undefined)),
    content.licenses.length === 0 && content.server !== undefined
      ? positionFor('reserved', usesOf(['all']))
      : {},
  );
  return statement('rsl', address, textOf(content), positions);
}

function positionsOf({ permits, prohibits, payments }: RslLicense, hasServer: boolean): Positions {
  const isFree = !hasServer && payments.every((type) => FREE.has(type));
  const position: Position = isFree ? 'allowed' : 'reserved';
  // A price without named uses is one for all of them.
  const permitted = isFree ? permits : permits.length > 0 ? permits : ['all'];
  return mergePositions(
    positionFor('reserved', usesOf(prohibits)),
    positionFor(position, usesOf(permitted)),
  );
}

function usesOf(tokens: readonly string[]): readonly Purpose[] {
  return tokens.flatMap((token) => USES.get(token.toLowerCase()) ?? []);
}

function mostSpecific(url: string, contents: readonly RslContent[]): RslContent | undefined {
  const paths = comparablePaths(url);
  let best: RslContent | undefined;
  let octets = -1;
  for (const content of contents) {
    const path = pathOf(content.url, url);
    if (path === undefined) continue;
    const pattern = new PathPattern(path);
    if (pattern.octets <= octets || !paths.some((one) => pattern.matches(one))) continue;
    best = content;
    octets = pattern.octets;
  }
  return best;
}

/** The path pattern of a scope, when it is about the origin of a URL. */
function pathOf(scope: string, url: string): string | undefined {
  if (scope.startsWith('/') || scope.startsWith('*')) return scope;
  const origin = originOf(url);
  if (!scope.toLowerCase().startsWith(origin.toLowerCase())) return undefined;
  const rest = scope.slice(origin.length);
  return rest === '' ? '/' : rest.startsWith('/') ? rest : undefined;
}

function textOf({ url, server, licenses }: RslContent): string {
  const parts = licenses.flatMap(({ permits, prohibits, payments }) => [
    ...(prohibits.length > 0 ? [`prohibits ${prohibits.join(' ')}`] : []),
    ...(permits.length > 0 ? [`permits ${permits.join(' ')}`] : []),
    ...(payments.length > 0 ? [`payment ${payments.join(' ')}`] : []),
  ]);
  return [url, ...parts, ...(server === undefined ? [] : [`server ${server}`])].join('; ');
}
