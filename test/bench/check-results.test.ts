import { expect, it } from 'vitest';
import { checkResults } from '../../bench/check-results.ts';
import { isLive, realList, type UrlKind } from '../../bench/real-list.ts';

const ORIGINS = Array.from({ length: 400 }, (_, host) => `http://host-${host}.test`);
const LIST = realList(ORIGINS, 2000, 1);

/** How a crawl should end a URL of each kind. */
const RIGHT = {
  picture: { status: 'succeeded', reason: null },
  redirect: { status: 'succeeded', reason: null },
  'unavailable-once': { status: 'succeeded', reason: null },
  'not-found': { status: 'failed', reason: 'not-found' },
  silent: { status: 'failed', reason: 'timeout' },
  unreachable: { status: 'failed', reason: 'connection-failed' },
} as const satisfies Record<UrlKind, object>;

const LINES = LIST.map(({ url, kind }) => JSON.stringify({ url, ...RIGHT[kind] }));

it('a list holds every kind, dead hosts one in twenty, each URL once', () => {
  const share = (kinds: readonly UrlKind[]) =>
    LIST.filter(({ kind }) => kinds.includes(kind)).length / LIST.length;
  expect(share(['silent'])).toBeCloseTo(0.025, 5);
  expect(share(['unreachable'])).toBeCloseTo(0.025, 5);
  expect(share(['not-found'])).toBeCloseTo(0.095, 1);
  expect(share(['redirect'])).toBeGreaterThan(0.03);
  expect(share(['unavailable-once'])).toBeGreaterThan(0.015);
  expect(new Set(LIST.map(({ url }) => url)).size).toBe(2000);
});

it('a seed makes the same list again, another seed another one', () => {
  expect(realList(ORIGINS, 2000, 1)).toEqual(LIST);
  expect(realList(ORIGINS, 2000, 2)).not.toEqual(LIST);
});

it('there is no difference when every URL ended as it should', () => {
  expect(checkResults(LIST, LINES).differences).toEqual([]);
});

it.each<[what: string, lines: readonly string[], difference: string]>([
  ['a result that is missing', LINES.slice(1), `1 × ${LIST[0]?.kind}: no result`],
  ['a result that comes twice', [...LINES, ...LINES.slice(0, 1)], '1 × more than one result'],
  ['a live image that failed', changed(isLiveKind, 'failed', 'timeout'), 'failed timeout'],
  ['a dead host that succeeded', changed((kind) => kind === 'silent', 'succeeded'), 'succeeded'],
  ['a 404 by another name', changed((kind) => kind === 'not-found', 'failed', 'gone'), 'gone'],
  ['a URL of no list', [...LINES, line('http://a.test/', 'succeeded')], '1 × not in the list'],
])('tells of %s', (_, lines, difference) => {
  const { differences } = checkResults(LIST, lines);
  expect(differences).toHaveLength(1);
  expect(differences[0]).toContain(difference);
});

/** The right results but for the first URL of such a kind. */
function changed(isMeant: (kind: UrlKind) => boolean, status: string, reason?: string): string[] {
  const at = LIST.findIndex(({ kind }) => isMeant(kind));
  return LINES.with(at, line(LIST[at]?.url ?? '', status, reason));
}

function isLiveKind(kind: UrlKind): boolean {
  return isLive({ url: '', kind });
}

function line(url: string, status: string, reason?: string): string {
  return JSON.stringify({ url, status, reason });
}
