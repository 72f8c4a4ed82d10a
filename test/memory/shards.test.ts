import { hash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { beforeEach, describe, expect, it } from 'vitest';
import { pageDefaults } from '../../contract/run-defaults.ts';
import { groupOfUrl } from '../../core/model/host-group.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { GROUPING } from '../worker/records.ts';
import { type CrawlChange, Crawls } from './crawls.ts';

const A = 'https://a.test/a.png';
const FRESH = { body: 'img a', cacheControl: 'max-age=100000000' };
const HOME = 'https://a.test/';
const START = [{ url: HOME, kind: 'page', depth: 0 }] as const;
const pages = { ...pageDefaults.parse({}), sitemaps: false };

let crawls: Crawls;
beforeEach(() => {
  crawls = new Crawls();
});

/** Bytes of a shard. */
function bytesOf({ file = '', offset = 0, length = 0 }: SettledResult): Uint8Array {
  return crawls.shards.peek(file)?.subarray(offset, offset + length) ?? new Uint8Array();
}

const IN_SHARDS = { settings: { imageStorage: 'shards' } } as const;

/** A run of the one picture, and what was asked for it. */
async function crawlOne(runId: string, change: CrawlChange = IN_SHARDS) {
  crawls.site.requests.length = 0;
  const result = (await crawls.crawl(runId, [{ url: A }], change)).get(A);
  return { result, conditions: crawls.site.requests.map(({ headers }) => headers ?? {}) };
}

/** Only where it is. */
function placeOf(result: SettledResult | undefined) {
  return { file: result?.file, offset: result?.offset, length: result?.length };
}

describe('a run whose images are in shards', () => {
  it('takes pictures from the shards of an earlier run', async () => {
    crawls.site.put(A, { ...FRESH, etag: '"1"' });
    const first = await crawlOne('run-1');
    expect(first.result).toMatchObject({ status: 'succeeded', offset: 512, length: 5 });
    const second = await crawlOne('run-2');
    expect(second.conditions).toEqual([]);
    expect(second.result).toMatchObject({ reason: 'known', keptIn: 'run-1' });
    expect(placeOf(second.result)).toEqual(placeOf(first.result));
    const third = await crawlOne('run-3', { ...IN_SHARDS, memory: { ask: 'all' } });
    expect(third.conditions).toEqual([{ 'if-none-match': '"1"' }]);
    expect(third.result).toMatchObject({ httpStatus: 304, unchanged: true });
    expect(placeOf(third.result)).toEqual(placeOf(first.result));
  });

  it('stores the same bytes once when they are sent again', async () => {
    crawls.site.put(A, { body: 'img a' });
    const first = await crawlOne('run-1');
    const second = await crawlOne('run-2');
    expect(second.result).toMatchObject({ httpStatus: 200, unchanged: true });
    expect(placeOf(second.result)).toEqual(placeOf(first.result));
  });

  it('takes single objects, too', async () => {
    crawls.site.put(A, { ...FRESH, etag: '"1"' });
    const first = await crawlOne('run-1', {});
    const second = await crawlOne('run-2');
    expect(second.result).toMatchObject({ reason: 'known', file: first.result?.file });
    expect(second.result?.offset).toBeUndefined();
  });

  it('takes a picture from where it was moved to', async () => {
    crawls.site.put(A, { ...FRESH, etag: '"1"' });
    const { result } = await crawlOne('run-1');
    if (result === undefined) throw new Error('expected a result');
    const file = crawls.shards.uriOf('images/run-1/new.tar');
    const group = groupOfUrl(A, GROUPING);
    const pack = { runId: 'run-1', group, hold: 99, part: 0, results: [{ ...result, file }] };
    await crawls.ledger.results.settle([pack]);
    expect((await crawlOne('run-2')).result).toMatchObject({ reason: 'known', file });
  });

  it('downloads again what memory has only in a shard that was removed', async () => {
    const grouping = { groups: 1, hostShards: {} };
    const change = { ...IN_SHARDS, grouping };
    const others = ['b', 'c', 'd', 'e'].map((name) => ({ url: `https://a.test/${name}.png` }));
    for (const { url } of others) crawls.site.put(url, { ...FRESH, body: `img ${url}` });
    crawls.site.put(A, { ...FRESH, etag: '"1"' });
    const all = [{ url: A }, ...others];
    const first = await crawls.crawl('run-1', all, change);
    for (let at = 2; at <= 8; at += 1) await crawls.crawl(`run-${at}`, others, change);
    const { floor } = await crawls.ledger.memory.recall(grouping, 'g0');
    expect(floor).toBeGreaterThan(1);
    expect((await crawls.crawl('run-9', all, change)).get(A)?.reason).toBe('known');
    const removedShards = [basename(first.get(A)?.file ?? '')];
    const run = await crawls.ledger.runs.read('run-1');
    if (run === undefined) throw new Error('expected the run');
    crawls.ledger.runs.put({ ...run, removedShards });
    crawls.ledger.results.forget('run-9');
    const last = (await crawls.crawl('run-10', [{ url: A }], change)).get(A);
    expect(last).toMatchObject({ status: 'succeeded', httpStatus: 200 });
    expect(last?.file).toContain('run-10');
  });

  it('takes pages and their pictures', async () => {
    const body = `document ${JSON.stringify({ images: ['/a.png'] })}`;
    crawls.site.put(HOME, { body, etag: '"1"' });
    crawls.site.put(A, { ...FRESH, etag: '"1"' });
    const settings = { pages, imageStorage: 'shards' } as const;
    const first = await crawls.crawl('run-1', START, { settings });
    crawls.site.asked();
    const second = await crawls.crawl('run-2', START, { settings });
    expect(crawls.site.asked()).toEqual([HOME]);
    expect(second.get(HOME)).toMatchObject({ httpStatus: 304, unchanged: true });
    const kept = second.get(A);
    expect(placeOf(kept)).toEqual(placeOf(first.get(A)));
    expect(kept && hash('sha256', bytesOf(kept))).toBe(kept?.sha256);
  });

  it('keeps pages of an archive in shards, too', async () => {
    const body = `document ${JSON.stringify({ images: ['/a.png'] })}`;
    crawls.site.put(HOME, { body });
    crawls.site.put(A, FRESH);
    const settings = { pages, imageStorage: 'shards', archive: true } as const;
    const results = await crawls.crawl('run-1', START, { settings });
    for (const result of results.values())
      expect(hash('sha256', bytesOf(result))).toBe(result.sha256);
    expect([...results.keys()].toSorted()).toEqual([HOME, A]);
  });
});
