import { describe, expect, it } from 'vitest';
import { diffCsv, diffJson, diffText } from '../../cli/diff/diff-text.ts';
import { type DiffPart, diffRuns } from '../../cli/diff/run-diff.ts';
import type { ResultBody } from '../../contract/items.ts';

const STARTED = '2026-01-02T00:00:00.000Z';

function aResult(name: string, change: Partial<ResultBody> = {}): ResultBody {
  return {
    url: `https://a.test/${name}.png`,
    status: 'succeeded',
    reason: null,
    format: 'png',
    sha256: name,
    file: `images/${name}.png`,
    attempts: 1,
    durationMs: 1,
    fetchedAt: '2026-01-01T00:00:00.000Z',
    taskId: 't',
    round: 0,
    ...change,
  };
}

async function* some<T>(...all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

function diffOf(...parts: readonly (readonly [readonly ResultBody[], readonly ResultBody[]])[]) {
  const each = parts.map(([before, after]): DiffPart => {
    return { before: some(...before), after: some(...after) };
  });
  return diffRuns(some(...each), STARTED);
}

async function allOf<T>(given: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of given) all.push(one);
  return all;
}

const later = { fetchedAt: '2026-01-02T01:00:00.000Z' };

describe('the difference of two runs', () => {
  it('tells what is new, gone, changed, moved and unchanged', async () => {
    const before = ['same', 'known', 'old', 'lost', 'away', 'left'].map((name) => aResult(name));
    const gone = {
      status: 'failed',
      reason: 'not-found',
      httpStatus: 404,
      sha256: undefined,
    } as const;
    const after = [
      aResult('same', { ...later, httpStatus: 304, unchanged: true }),
      aResult('known', { ...later, status: 'skipped', reason: 'known' }),
      aResult('old', { ...later, sha256: 'young', file: 'images/young.png' }),
      aResult('lost', { ...later, ...gone, foundOn: 'https://a.test/' }),
      aResult('fresh', later),
      aResult('never', { ...later, ...gone }),
    ];
    const elsewhere = aResult('here', { ...later, sha256: 'away' });
    const lines = await allOf(diffOf([before, after], [[], [elsewhere]]));
    expect(lines.map(({ change, url }) => `${change} ${url.slice(15)}`).toSorted()).toEqual([
      'changed old.png',
      'gone left.png',
      'gone lost.png',
      'moved here.png',
      'new fresh.png',
      'unchanged known.png',
      'unchanged same.png',
    ]);
    const by = (name: string) => lines.find(({ url }) => url.endsWith(`/${name}.png`));
    expect(by('lost')).toEqual({
      change: 'gone',
      url: 'https://a.test/lost.png',
      reason: 'not-found',
      httpStatus: 404,
      lastSeen: '2026-01-01T00:00:00.000Z',
      since: later.fetchedAt,
      sha256: 'lost',
      file: 'images/lost.png',
      foundOn: undefined,
    });
    expect(by('left')).toMatchObject({ reason: 'not-asked', since: STARTED });
    expect(by('here')).toMatchObject({ from: 'https://a.test/away.png' });
    expect(by('old')).toMatchObject({ sha256: 'young', oldSha256: 'old' });
  });

  it('does not take two new pictures for one that moved', async () => {
    const after = ['x', 'y'].map((name) => aResult(name, { ...later, sha256: 'away' }));
    const lines = await allOf(diffOf([[aResult('away')], after]));
    expect(lines.map(({ change }) => change).toSorted()).toEqual(['moved', 'new']);
  });

  it('does not call back what failed before gone', async () => {
    const failed = aResult('a', { status: 'failed', reason: 'timeout', sha256: undefined });
    const lines = await allOf(diffOf([[failed], [aResult('a', later)]]));
    expect(lines.map(({ change }) => change)).toEqual(['new']);
  });
});

describe('a difference is told', () => {
  const gone = aResult('lost', { status: 'failed', reason: 'not-found', httpStatus: 404 });
  const diff = () => diffOf([[aResult('lost')], [gone, aResult('fresh')]]);
  const told = async (texts: AsyncIterable<string>) => (await allOf(texts)).join('');

  it('to a person', async () => {
    const text = await told(diffText(diff()));
    expect(text).toContain('  new        1\n');
    expect(text).toContain('https://a.test/lost.png  not-found (HTTP 404) since');
  });

  it('as JSON lines and CSV', async () => {
    const lines = (await told(diffJson(diff()))).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).change)).toEqual(['new', 'gone']);
    const [header, first] = (await told(diffCsv(diff()))).split('\n');
    expect(header).toBe(
      'change,url,from,reason,httpStatus,lastSeen,since,sha256,file,oldSha256,oldFile,foundOn',
    );
    expect(first).toMatch(/^new,https:\/\/a\.test\/fresh\.png,,/);
  });
});
