import { PURPOSES, type Purpose } from '../../../core/model/purpose.ts';
import type { Statement } from '../../../core/model/statement.ts';
import type { FetchOutcome, Headers } from '../../../core/ports/fetcher.ts';
import { plusStatement } from '../../../core/rights/image-rights.ts';
import { answer, body } from '../scripted-fetcher.ts';
import { TARGET, visitWorld } from '../visit-world.ts';

export const ROBOTS = 'http://a.test/robots.txt';
export const TDMREP = 'http://a.test/.well-known/tdmrep.json';
export const TERMS = 'http://a.test/terms.xml';
/** A header that names the terms. */
export const RSL = 'Link: <http://a.test/terms.xml>; rel="license"; type="application/rsl+xml"';

/** What an owner says of a picture, wherever it can be said. */
export interface Said {
  readonly robots?: readonly string[];
  readonly tdmrep?: unknown;
  readonly headers?: readonly string[];
  readonly terms?: FetchOutcome;
  readonly inFile?: readonly Statement[];
  readonly purposes?: readonly Purpose[];
}

/** Lines of a head. */
export function headersOf(lines: readonly string[]): Headers {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/** A world whose owner says this, and as the fetcher would end: no body that is not wanted. */
export function worldOf(said: Said) {
  const { robots = [], tdmrep, headers = [], terms, inFile = [], purposes = PURPOSES } = said;
  const script = {
    [ROBOTS]: body(['User-agent: *', ...robots].join('\n')),
    [TDMREP]: tdmrep === undefined ? answer(404) : body(JSON.stringify(tdmrep)),
    ...(terms !== undefined && { [TERMS]: terms }),
    [TARGET]: body('img 1', headersOf(headers)),
  };
  const settings = { ignoreRobots: false, userAgent: 'testbot/1.0', purposes, tdmRep: true };
  return visitWorld(script, { settings, inFile });
}

/** A document of RSL with this license. */
export function rsl(terms: string): FetchOutcome {
  return body(
    `<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>${terms}</license></content></rsl>`,
  );
}

/** The same in the metadata of a picture. */
export const plus = (value: string) => [plusStatement(value) ?? []].flat();
