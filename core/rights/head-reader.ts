import type { Headers } from '../ports/fetcher.ts';
import {
  type HeaderRights,
  headerRights,
  RIGHTS_HEADERS,
  saysNothing,
} from './header-statements.ts';

/** Heads that are remembered at most, and how long such a head may be, in characters. */
const MAX_HEADS = 200;
const MAX_LENGTH = 1000;

const NONE: HeaderRights = { statements: [] };

/** Reads heads of answers; a site says the same with nearly all of them, so that is read once. */
export class RightsHeadReader {
  readonly #known = new Map<string, HeaderRights>();

  /** What a head says of rights to a product token. */
  read(headers: Headers, productToken: string): HeaderRights {
    if (saysNothing(headers)) return NONE;
    let key = productToken;
    for (const name of RIGHTS_HEADERS) key += `\n${headers[name] ?? ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const rights = headerRights(headers, productToken);
    if (this.#known.size >= MAX_HEADS) this.#known.clear();
    if (key.length <= MAX_LENGTH) this.#known.set(key, rights);
    return rights;
  }
}
