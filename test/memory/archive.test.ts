import { beforeEach, describe, expect, it } from 'vitest';
import { pageDefaults } from '../../contract/run-defaults.ts';
import { Crawls } from './crawls.ts';

const A = 'https://a.test/a.png';
const HOME = 'https://a.test/';
const ARCHIVE = { settings: { archive: true } } as const;
const START = [{ url: HOME, kind: 'page', depth: 0 }] as const;

let crawls: Crawls;
beforeEach(() => {
  crawls = new Crawls();
  crawls.site.put(A, { body: 'img a', etag: '"1"' });
});

/** The result of the one picture in an archive, and with which tag it was asked for. */
async function archived(runId: string) {
  crawls.site.requests.length = 0;
  const result = (await crawls.crawl(runId, [{ url: A }], ARCHIVE)).get(A);
  return { result, tags: crawls.site.requests.map(({ headers }) => headers?.['if-none-match']) };
}

describe('an archive of what an earlier one has', () => {
  it('refers to the exchange that brought it, also the third time', async () => {
    const { result: first } = await archived('run-1');
    expect(first?.archived).toBeUndefined();
    for (const runId of ['run-2', 'run-3']) {
      await crawls.clock.advance(1000);
      const { result, tags } = await archived(runId);
      expect(tags).toEqual(['"1"']);
      expect(result).toMatchObject({ httpStatus: 304, unchanged: true });
      expect(result?.exchanges).toHaveLength(1);
      expect(result?.archived).toEqual({ url: A, at: first?.exchanges?.[0]?.at, index: 0 });
    }
  });

  it('does so where the same bytes were sent again', async () => {
    crawls.site.put(A, { body: 'img a' });
    await archived('run-1');
    const { result } = await archived('run-2');
    expect(result).toMatchObject({ httpStatus: 200, unchanged: true, archived: { url: A } });
  });

  it('has what changed, and what was only kept, as if it were new', async () => {
    await crawls.crawl('run-1', [{ url: A }]);
    const { result, tags } = await archived('run-2');
    expect(tags).toEqual([undefined]);
    expect(result?.archived).toBeUndefined();
    crawls.site.put(A, { body: 'img other', etag: '"2"' });
    const { result: changed } = await archived('run-3');
    expect(changed).toMatchObject({ httpStatus: 200 });
    expect(changed?.archived).toBeUndefined();
  });

  it('has pages, too', async () => {
    const pages = { ...pageDefaults.parse({}), sitemaps: false };
    const change = { settings: { archive: true, pages } };
    const body = `document ${JSON.stringify({ images: ['/a.png'] })}`;
    crawls.site.put(HOME, { body, etag: '"1"' });
    const first = await crawls.crawl('run-1', START, change);
    const second = await crawls.crawl('run-2', START, change);
    const at = first.get(HOME)?.exchanges?.[0]?.at;
    expect(second.get(HOME)).toMatchObject({
      httpStatus: 304,
      sha256: first.get(HOME)?.sha256,
      archived: { url: HOME, at, index: 0 },
    });
    expect(second.get(A)?.archived?.url).toBe(A);
  });
});
