import { originOf } from '../model/canonical-url.ts';
import type { Position, Positions, Purpose } from '../model/purpose.ts';
import { mergePositions, positionFor, type Statement, statement } from '../model/statement.ts';
import type { RslContent, RslLicense } from '../ports/read-rsl.ts';
import { comparablePaths } from '../robots/comparable-path.ts';
import { PathPattern } from '../robots/path-pattern.ts';

/** No more of a document is read, in bytes. */
export const MAX_RSL_BYTES = 256 * 1024;

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

interface Scope {
  /** Scheme and authority in lower case; absent where a scope is one of every origin. */
  readonly origin?: string;
  readonly pattern: PathPattern;
  readonly content: RslContent;
}

/** A document, made ready to be asked about many URLs: its most specific scopes first. */
export class RslTerms {
  readonly #scopes: readonly Scope[];

  constructor(document: readonly RslContent[]) {
    this.#scopes = document
      .flatMap((content) => scopeOf(content) ?? [])
      .toSorted((a, b) => b.pattern.octets - a.pattern.octets);
  }

  /** The most specific scope that a URL is in. */
  contentFor(url: string): RslContent | undefined {
    const paths = comparablePaths(url);
    const urlOrigin = originOf(url);
    return this.#scopes.find(({ origin = urlOrigin, pattern }) => {
      return origin === urlOrigin && paths.some((path) => pattern.matches(path));
    })?.content;
  }
}

/**
 * What a document says of a URL: its most specific scope counts. A use that is prohibited is
 * reserved, and so is one for which a license must be bought or fetched first. A document that was
 * named and is unreadable (`terms` undefined) leaves the asset unlicensed: everything is reserved.
 */
export function rslStatement(
  url: string,
  address: string,
  terms: RslTerms | undefined,
): Statement | undefined {
  if (terms === undefined)
    return statement('rsl', address, 'unreadable', positionFor('reserved', usesOf(['all'])));
  const content = terms.contentFor(url);
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

function scopeOf(content: RslContent): Scope | undefined {
  const { url } = content;
  if (url.startsWith('/') || url.startsWith('*')) return { pattern: new PathPattern(url), content };
  const [, origin, path] = /^(https?:\/\/[^/?#*]*)(\/.*)?$/is.exec(url) ?? [];
  if (origin === undefined) return undefined;
  return { origin: origin.toLowerCase(), pattern: new PathPattern(path ?? '/'), content };
}

function textOf({ url, server, licenses }: RslContent): string {
  const parts = licenses.flatMap(({ permits, prohibits, payments }) => [
    ...(prohibits.length > 0 ? [`prohibits ${prohibits.join(' ')}`] : []),
    ...(permits.length > 0 ? [`permits ${permits.join(' ')}`] : []),
    ...(payments.length > 0 ? [`payment ${payments.join(' ')}`] : []),
  ]);
  return [url, ...parts, ...(server === undefined ? [] : [`server ${server}`])].join('; ');
}
