import { hash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { pageDefaults } from '../../contract/run-defaults.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { Crawls } from './crawls.ts';

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

describe('a run whose images are in shards', () => {
  it('takes no picture of an earlier run, and leaves none to later ones', async () => {
    const inShards = { settings: { imageStorage: 'shards' } } as const;
    const site = crawls.site;
    site.put(A, { ...FRESH, etag: '"1"' });
    const asked = async (runId: string, change = {}) => {
      const result = (await crawls.crawl(runId, [{ url: A }], change)).get(A);
      return { result, conditions: site.requests.splice(0).map(({ headers }) => headers ?? {}) };
    };
    const first = await asked('run-1');
    for (const runId of ['run-2', 'run-3']) {
      const { result, conditions } = await asked(runId, inShards);
      expect(conditions).toEqual([{}]);
      expect(result).toMatchObject({ status: 'succeeded', httpStatus: 200, length: 5 });
      expect(result?.unchanged).toBeUndefined();
    }
    const last = await asked('run-4');
    expect(last.conditions).toEqual([]);
    expect(last.result).toMatchObject({ reason: 'known', keptIn: 'run-1' });
    expect(last.result?.file).toBe(first.result?.file);
    expect(last.result?.offset).toBeUndefined();
  });

  it('goes by what pages named', async () => {
    const body = `document ${JSON.stringify({ images: ['/a.png'] })}`;
    crawls.site.put(HOME, { body, etag: '"1"' });
    crawls.site.put(A, { ...FRESH, etag: '"1"' });
    const settings = { pages, imageStorage: 'shards' } as const;
    await crawls.crawl('run-1', START, { settings });
    crawls.site.asked();
    const second = await crawls.crawl('run-2', START, { settings });
    const sent = crawls.site.requests.map(({ url, headers }) => [url, headers?.['if-none-match']]);
    expect(sent).toEqual([
      [HOME, '"1"'],
      [A, undefined],
    ]);
    expect(second.get(HOME)).toMatchObject({ httpStatus: 304, unchanged: true });
    const kept = second.get(A);
    expect(kept?.keptIn).toBeUndefined();
    expect(kept && hash('sha256', bytesOf(kept))).toBe(kept?.sha256);
    expect(kept?.file).toContain('run-2');
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
