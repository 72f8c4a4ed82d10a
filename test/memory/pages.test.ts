import { beforeEach, describe, expect, it } from 'vitest';
import { pageDefaults } from '../../contract/run-defaults.ts';
import type { PageSettings } from '../../core/model/run.ts';
import { Crawls } from './crawls.ts';

const USUAL = pageDefaults.parse({});
const HOME = 'https://a.test/';
const NEXT = 'https://a.test/next';
const A = 'https://a.test/a.png';
const B = 'https://a.test/b.png';
const SITEMAP = 'https://a.test/sitemap.xml';
const DAY = 24 * 3_600_000;
const START = [{ url: HOME, kind: 'page', depth: 0 }] as const;

let crawls: Crawls;
beforeEach(() => {
  crawls = new Crawls();
});

function page(document: object, version: object = { etag: '"1"' }) {
  return { body: `document ${JSON.stringify(document)}`, ...version };
}

function aSite(version: object = { etag: '"1"' }): void {
  crawls.site.put(HOME, page({ title: 'Home', pages: ['/next'], images: ['/a.png'] }, version));
  crawls.site.put(NEXT, page({ images: ['/b.png'] }, version));
  crawls.site.put(A, { body: 'img a', ...version });
  crawls.site.put(B, { body: 'img b', ...version });
}

function crawl(runId: string, memory: object = {}, pages: Partial<PageSettings> = {}) {
  const settings = { pages: { ...USUAL, sitemaps: false, ...pages } };
  return crawls.crawl(runId, START, { memory, settings });
}

describe('a site that did not change', () => {
  it('is walked by the links that are remembered', async () => {
    aSite();
    const first = await crawl('run-1');
    crawls.site.asked();
    const second = await crawl('run-2');
    expect([...second.keys()].toSorted()).toEqual([...first.keys()].toSorted());
    const conditions = crawls.site.requests.map(({ headers }) => headers?.['if-none-match']);
    expect(conditions).toEqual(['"1"', '"1"', '"1"', '"1"']);
    expect(second.get(HOME)).toMatchObject({
      status: 'succeeded',
      httpStatus: 304,
      unchanged: true,
      title: 'Home',
      links: 1,
      images: 1,
    });
    expect(second.get(A)).toMatchObject({ unchanged: true, foundOn: HOME, depth: 0 });
  });

  it('is not asked at all as long as it calls itself fresh', async () => {
    aSite({ cacheControl: 'max-age=100000' });
    const first = await crawl('run-1');
    crawls.site.asked();
    await crawls.clock.advance(DAY);
    const second = await crawl('run-2');
    expect(crawls.site.asked()).toEqual([]);
    expect([...second.values()].map(({ reason }) => reason)).toEqual(Array(4).fill('known'));
    expect([...second.keys()].toSorted()).toEqual([...first.keys()].toSorted());
  });

  it('is walked further by a run that goes deeper', async () => {
    aSite({ cacheControl: 'max-age=100000' });
    const first = await crawl('run-1', {}, { depth: 0 });
    expect(first.has(NEXT)).toBe(false);
    crawls.site.asked();
    const second = await crawl('run-2');
    expect(second.has(B)).toBe(true);
    expect(crawls.site.asked().toSorted()).toEqual([B, NEXT].toSorted());
  });

  it('is asked for its robots.txt and nothing else', async () => {
    aSite({ cacheControl: 'max-age=1000000' });
    crawls.site.put('https://a.test/robots.txt', { body: `Sitemap: ${SITEMAP}` });
    crawls.site.put(SITEMAP, page({ pages: ['/next'] }, { cacheControl: 'max-age=1000000' }));
    const settings = { ignoreRobots: false, pages: { ...USUAL, sitemaps: true } };
    const first = await crawls.crawl('run-1', START, { settings });
    expect(first.has(SITEMAP)).toBe(true);
    crawls.site.asked();
    await crawls.clock.advance(2 * DAY);
    const second = await crawls.crawl('run-2', START, { settings });
    expect(crawls.site.asked()).toEqual(['https://a.test/robots.txt']);
    expect([...second.keys()].toSorted()).toEqual([...first.keys()].toSorted());
  });

  it('is not followed from memory where robots.txt does not allow it any more', async () => {
    aSite({ cacheControl: 'max-age=1000000' });
    const settings = { ignoreRobots: false, pages: { ...USUAL, sitemaps: false } };
    await crawls.crawl('run-1', START, { settings });
    crawls.site.put('https://a.test/robots.txt', { body: 'User-agent: *\nDisallow: /' });
    await crawls.clock.advance(2 * DAY);
    const second = await crawls.crawl('run-2', START, { settings });
    expect(second.get(HOME)?.reason).toBe('robots-disallowed');
    expect(second.size).toBe(1);
  });
});

describe('a page', () => {
  it('that changed is read again', async () => {
    aSite();
    await crawl('run-1');
    crawls.site.put(HOME, page({ images: ['/new.png'] }, { etag: '"2"' }));
    crawls.site.put('https://a.test/new.png', { body: 'img new' });
    const second = await crawl('run-2');
    expect(second.has('https://a.test/new.png')).toBe(true);
    expect(second.has(NEXT)).toBe(false);
  });

  it('is read again by a run that chooses other images of it', async () => {
    aSite({ cacheControl: 'max-age=100000', etag: '"1"' });
    await crawl('run-1');
    crawls.site.asked();
    const second = await crawl('run-2', {}, { best: true });
    const conditions = crawls.site.requests.map(({ headers }) => headers?.['if-none-match']);
    expect(conditions).toEqual([undefined, undefined]);
    expect(crawls.site.asked()).toEqual([HOME, NEXT]);
    expect(second.get(A)?.reason).toBe('known');
  });

  it('whose links are no longer known is read again', async () => {
    aSite();
    await crawl('run-1');
    crawls.ledger.memory.forgetDocuments();
    crawls.site.asked();
    const second = await crawl('run-2');
    expect(second.size).toBe(4);
    expect(crawls.site.requests[0]?.headers).toBeUndefined();
  });
});
