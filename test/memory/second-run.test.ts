import { beforeEach, describe, expect, it } from 'vitest';
import { Crawls } from './crawls.ts';
import type { Version } from './versioned-site.ts';

const A = 'https://a.test/a.png';
const OLD = 'Wed, 01 Jan 2025 00:00:00 GMT';
const DAY = 24 * 3_600_000;

let crawls: Crawls;
beforeEach(() => {
  crawls = new Crawls();
});

/** The results of A in two runs, a day apart, and how it was asked for in the second. */
async function twice(first: Version, second: Version, memory: object = {}) {
  crawls.site.put(A, first);
  const before = (await crawls.crawl('run-1', [{ url: A }], { memory })).get(A);
  crawls.site.asked();
  await crawls.clock.advance(DAY);
  crawls.site.put(A, second);
  const after = (await crawls.crawl('run-2', [{ url: A }], { memory })).get(A);
  const requests = crawls.site.requests.map(({ headers }) => headers ?? {});
  return { before, after, requests };
}

describe('a picture that did not change', () => {
  it.each<[string, Version, object]>([
    ['a strong ETag', { etag: '"1"' }, { 'if-none-match': '"1"' }],
    ['a weak ETag', { etag: 'W/"1"' }, { 'if-none-match': 'W/"1"' }],
    ['Last-Modified', { lastModified: OLD }, { 'if-modified-since': OLD }],
    [
      'both',
      { etag: '"1"', lastModified: OLD },
      { 'if-none-match': '"1"', 'if-modified-since': OLD },
    ],
  ])('is not downloaded again where the site has %s', async (_, version, headers) => {
    const whole = { body: 'img a', ...version };
    const { before, after, requests } = await twice(whole, whole);
    expect(requests).toEqual([headers]);
    expect(after).toMatchObject({
      status: 'succeeded',
      reason: null,
      httpStatus: 304,
      unchanged: true,
      keptIn: 'run-1',
      keptAt: before?.fetchedAt,
      sha256: before?.sha256,
      file: before?.file,
      bytes: before?.bytes,
      format: before?.format,
      width: before?.width,
    });
  });

  it('is downloaded again where the site says nothing of its version, and found to be the same', async () => {
    const { before, after, requests } = await twice({ body: 'img a' }, { body: 'img a' });
    expect(requests).toEqual([{}]);
    expect(after).toMatchObject({ status: 'succeeded', httpStatus: 200, unchanged: true });
    expect(after?.keptAt).toBe(before?.fetchedAt);
  });

  it('is not asked for as long as its site calls it fresh', async () => {
    const fresh = { body: 'img a', cacheControl: 'max-age=100000' };
    const { before, after, requests } = await twice(fresh, fresh);
    expect(requests).toEqual([]);
    expect(after).toMatchObject({
      status: 'skipped',
      reason: 'known',
      attempts: 0,
      sha256: before?.sha256,
      file: before?.file,
      keptIn: 'run-1',
    });
  });

  it('is fresh for as long once more after a 304', async () => {
    const version = { body: 'img a', etag: '"1"', cacheControl: 'max-age=80000' };
    expect((await twice(version, version)).after?.httpStatus).toBe(304);
    crawls.site.asked();
    const third = await crawls.crawl('run-3', [{ url: A }]);
    expect(third.get(A)).toMatchObject({ reason: 'known', keptIn: 'run-1' });
  });
});

describe('what a run is told to ask for', () => {
  const tagged = { body: 'img a', etag: '"1"' };

  it('--since: nothing of what was kept within that time', async () => {
    const { after, requests } = await twice(tagged, tagged, { maxAgeMs: 2 * DAY });
    expect(requests).toEqual([]);
    expect(after?.reason).toBe('known');
  });

  it('--since: what was kept before, on its conditions', async () => {
    const { after, requests } = await twice(tagged, tagged, { maxAgeMs: DAY / 2 });
    expect(requests).toEqual([{ 'if-none-match': '"1"' }]);
    expect(after?.unchanged).toBe(true);
  });

  it('--refresh: also what is fresh', async () => {
    const fresh = { ...tagged, cacheControl: 'max-age=100000' };
    expect((await twice(fresh, fresh, { ask: 'all' })).requests).toHaveLength(1);
  });

  it('--only-new: nothing that is known, but what is new', async () => {
    const B = 'https://a.test/b.png';
    crawls.site.put(B, { body: 'img b' });
    expect((await twice(tagged, tagged, { ask: 'new' })).requests).toEqual([]);
    await crawls.crawl('run-3', [{ url: A }, { url: B }], { memory: { ask: 'new' } });
    expect(crawls.site.asked()).toEqual([B]);
  });

  it('without memory: all of it, and nothing is remembered', async () => {
    crawls.site.put(A, { ...tagged, cacheControl: 'max-age=100000' });
    await crawls.crawl('run-1', [{ url: A }], { memory: 'off' });
    expect(crawls.ledger.memory.all()).toEqual([]);
    await crawls.crawl('run-2', [{ url: A }]);
    expect(crawls.site.asked()).toEqual([A, A]);
  });
});

describe('what changed', () => {
  it('is kept beside the old', async () => {
    const { before, after } = await twice(
      { body: 'img a', etag: '"1"' },
      { body: 'img other', etag: '"2"' },
    );
    expect(after).toMatchObject({ status: 'succeeded', httpStatus: 200 });
    expect(after).not.toHaveProperty('unchanged');
    expect(after).not.toHaveProperty('keptAt');
    expect(crawls.images.read(before?.file ?? '')).toBeDefined();
    expect(crawls.images.read(after?.file ?? '')).toBeDefined();
    expect(after?.file).not.toBe(before?.file);
  });

  it('is reported as gone, and requested again in each run', async () => {
    expect((await twice({ body: 'img a', etag: '"1"' }, {})).after?.reason).toBe('not-found');
    crawls.site.put(A, { body: 'img a', etag: '"1"' });
    const third = (await crawls.crawl('run-3', [{ url: A }])).get(A);
    expect(third).toMatchObject({ httpStatus: 304, keptIn: 'run-1' });
  });

  it('is no longer kept where a 304 says that its owner does not want it', async () => {
    const wanted = { body: 'img a', etag: '"1"' };
    const headers = { 'x-robots-tag': 'noimageindex' };
    crawls.site.put(A, wanted);
    const settings = { ignoreRobots: false };
    await crawls.crawl('run-1', [{ url: A }], { settings });
    crawls.site.put(A, { ...wanted, headers });
    const after = (await crawls.crawl('run-2', [{ url: A }], { settings })).get(A);
    expect(after).toMatchObject({ status: 'skipped', reason: 'opted-out' });
    expect(after).not.toHaveProperty('file');
  });
});

describe('servers that lie', () => {
  const tagged: Version = { body: 'img a', etag: '"1"' };

  it('cost a download where their ETag changes each time', async () => {
    const { after, requests } = await twice(
      { body: 'img a', lie: 'other-etag-each-time' },
      { body: 'img a', lie: 'other-etag-each-time' },
    );
    expect(requests).toHaveLength(1);
    expect(after).toMatchObject({ httpStatus: 200, unchanged: true, keptIn: 'run-1' });
    expect(crawls.images.size).toBe(1);
  });

  it('cost a download where they ignore conditions', async () => {
    const { after, requests } = await twice(tagged, { ...tagged, lie: 'always-200' });
    expect(requests).toHaveLength(1);
    expect(after).toMatchObject({ httpStatus: 200, unchanged: true });
  });

  it('are asked once more without conditions where a 304 is about another version', async () => {
    const { after, requests } = await twice(tagged, {
      body: 'img new',
      etag: '"1"',
      lie: '304-of-another',
    });
    expect(requests).toEqual([{ 'if-none-match': '"1"' }, {}]);
    expect(after).toMatchObject({ status: 'succeeded', httpStatus: 200 });
    expect(after).not.toHaveProperty('unchanged');
  });

  it('bring nothing where they answer 304 without being asked for it', async () => {
    const { after } = await twice({ body: 'img a' }, { body: 'img a', lie: 'always-304' });
    expect(after).toMatchObject({ status: 'failed', reason: 'unexpected-status', httpStatus: 304 });
  });
});

describe('redirects', () => {
  const B = 'https://a.test/b.png';

  it('are asked for, and what they lead to on its conditions', async () => {
    crawls.site.put(B, { body: 'img b', etag: '"1"' });
    const { after, requests } = await twice({ location: B }, { location: B });
    expect(requests).toEqual([{}, { 'if-none-match': '"1"' }]);
    expect(after).toMatchObject({ unchanged: true, finalUrl: B });
  });

  it('to another address are downloaded from there', async () => {
    crawls.site.put(B, { body: 'img b', etag: '"1"' });
    const C = 'https://a.test/c.png';
    crawls.site.put(C, { body: 'img c', etag: '"1"' });
    const { after, requests } = await twice({ location: B }, { location: C });
    expect(requests).toEqual([{}, {}]);
    expect(after).toMatchObject({ finalUrl: C, httpStatus: 200 });
    expect(after).not.toHaveProperty('unchanged');
  });

  it('are as fresh as the least fresh of them', async () => {
    crawls.site.put(B, { body: 'img b', etag: '"1"', cacheControl: 'max-age=100000' });
    const { requests } = await twice({ location: B }, { location: B });
    expect(requests).toHaveLength(2);
  });
});

describe('bytes that are gone', () => {
  const fresh: Version = { body: 'img a', etag: '"1"', cacheControl: 'max-age=100000' };

  it('are downloaded again, without conditions', async () => {
    crawls.site.put(A, fresh);
    const before = (await crawls.crawl('run-1', [{ url: A }])).get(A);
    crawls.images.delete(before?.file ?? '');
    crawls.site.asked();
    const after = (await crawls.crawl('run-2', [{ url: A }])).get(A);
    expect(after).toMatchObject({ status: 'succeeded', httpStatus: 200 });
    expect(crawls.images.read(after?.file ?? '')).toBeDefined();
  });

  it.each(['deleted', 'deleting'])('belong to a run that is %s', async (how) => {
    crawls.site.put(A, fresh);
    await crawls.crawl('run-1', [{ url: A }]);
    const run = await crawls.ledger.runs.read('run-1');
    if (run === undefined) throw new Error('no run');
    if (how === 'deleted') crawls.ledger.runs.remove('run-1');
    else crawls.ledger.runs.put({ ...run, deleting: true });
    crawls.site.asked();
    await crawls.crawl('run-2', [{ url: A }]);
    expect(crawls.site.asked()).toEqual([A]);
  });

  it('stay known as long as any run has them', async () => {
    crawls.site.put(A, fresh);
    await crawls.crawl('run-1', [{ url: A }]);
    await crawls.crawl('run-2', [{ url: A }]);
    crawls.ledger.runs.remove('run-1');
    crawls.site.asked();
    const third = (await crawls.crawl('run-3', [{ url: A }])).get(A);
    expect(third).toMatchObject({ reason: 'known', keptIn: 'run-1' });
    expect(crawls.site.asked()).toEqual([]);
  });

  it('are downloaded again before the bucket drops them', async () => {
    crawls.imagesKeptMs = 3 * DAY;
    const { after } = await twice(fresh, fresh);
    expect(after?.reason).toBe('known');
    await crawls.clock.advance(1.5 * DAY);
    const third = (await crawls.crawl('run-3', [{ url: A }], { memory: { ask: 'new' } })).get(A);
    expect(third).toMatchObject({ status: 'succeeded', httpStatus: 200 });
  });

  it('are forgotten after the time that a run remembers', async () => {
    crawls.site.put(A, { body: 'img a', etag: '"1"' });
    await crawls.crawl('run-1', [{ url: A }], { memory: { days: 1 } });
    await crawls.clock.advance(DAY);
    crawls.site.asked();
    await crawls.crawl('run-2', [{ url: A }], { memory: { ask: 'new' } });
    expect(crawls.site.asked()).toEqual([A]);
  });
});
