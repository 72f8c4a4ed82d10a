import { beforeEach, describe, expect, it } from 'vitest';
import { Crawls } from './crawls.ts';

const HOSTS = ['a.test', 'b.test', 'c.test', 'd.test', 'e.test'];
const URLS = HOSTS.map((host) => `https://${host}/a.png`);
const TARGETS = URLS.map((url) => ({ url }));
const DAY = 24 * 3_600_000;

let crawls: Crawls;
beforeEach(() => {
  crawls = new Crawls();
  for (const url of URLS)
    crawls.site.put(url, { body: `img ${url}`, cacheControl: 'max-age=10000000' });
});

describe('memory', () => {
  it.each([
    ['more groups', { groups: 7, hostShards: {} }],
    ['fewer groups', { groups: 1, hostShards: {} }],
    ['more groups for a host', { groups: 3, hostShards: { 'a.test': 4 } }],
  ])('is found by a run with %s', async (_, grouping) => {
    await crawls.crawl('run-1', TARGETS, { grouping: { groups: 3, hostShards: {} } });
    crawls.site.asked();
    const second = await crawls.crawl('run-2', TARGETS, { grouping });
    expect(crawls.site.asked()).toEqual([]);
    expect([...second.values()].map(({ reason }) => reason)).toEqual(Array(5).fill('known'));
  });

  it('is not taken from runs that sent other header fields', async () => {
    const headers = [{ name: 'cookie', value: 'a=1' }];
    await crawls.crawl('run-1', TARGETS, { settings: { headers } });
    crawls.site.asked();
    await crawls.crawl('run-2', TARGETS);
    expect(crawls.site.asked()).toHaveLength(5);
    await crawls.crawl('run-3', TARGETS, { settings: { headers } });
    expect(crawls.site.asked()).toEqual([]);
  });

  it('is not taken from runs for fewer purposes, or that did not ask robots.txt', async () => {
    const strict = { ignoreRobots: false, purposes: ['search' as const] };
    await crawls.crawl('run-1', TARGETS, { settings: { ...strict } });
    await crawls.crawl('run-2', TARGETS, { settings: { ignoreRobots: true } });
    crawls.site.asked();
    const more = { ignoreRobots: false, purposes: ['search' as const, 'keep' as const] };
    const third = await crawls.crawl('run-3', TARGETS, { settings: more });
    expect([...third.values()].map(({ status }) => status)).toEqual(Array(5).fill('succeeded'));
  });

  it('is judged by the limits of the run', async () => {
    await crawls.crawl('run-1', TARGETS);
    const second = await crawls.crawl('run-2', TARGETS, { settings: { minWidth: 1000 } });
    expect([...second.values()].map(({ reason }) => reason)).toEqual(Array(5).fill('filtered'));
  });

  it('survives a clock that went back: all is asked for, nothing is lost', async () => {
    await crawls.clock.advance(400 * DAY);
    await crawls.crawl('run-1', TARGETS);
    crawls.clock.jump(-400 * DAY);
    crawls.site.asked();
    const second = await crawls.crawl('run-2', TARGETS);
    expect([...second.values()].map(({ status }) => status)).toEqual(Array(5).fill('succeeded'));
    const third = await crawls.crawl('run-3', TARGETS);
    expect([...third.values()].map(({ reason }) => reason)).toEqual(Array(5).fill('known'));
  });

  it('does not grow with the number of runs', async () => {
    for (let run = 1; run <= 12; run += 1) {
      await crawls.clock.advance(DAY);
      await crawls.crawl(`run-${run}`, TARGETS, { grouping: { groups: 1, hostShards: {} } });
    }
    const { parts } = await crawls.ledger.memory.recall({ groups: 1, hostShards: {} }, 'g0');
    expect(parts.length).toBeLessThanOrEqual(6);
    const last = await crawls.crawl('run-99', TARGETS, { grouping: { groups: 1, hostShards: {} } });
    expect([...last.values()].map(({ keptIn }) => keptIn)).toEqual(Array(5).fill('run-1'));
  });

  it('of a URL that later lists do not have is moved, and found again', async () => {
    const grouping = { groups: 1, hostShards: {} };
    await crawls.crawl('run-1', TARGETS, { grouping });
    const others = TARGETS.slice(1);
    for (let run = 2; run <= 12; run += 1) await crawls.crawl(`run-${run}`, others, { grouping });
    const { floor } = await crawls.ledger.memory.recall(grouping, 'g0');
    expect(floor).toBeGreaterThan(1);
    crawls.site.asked();
    const last = await crawls.crawl('run-99', TARGETS, { grouping });
    expect([...last.values()].map(({ reason }) => reason)).toEqual(Array(5).fill('known'));
    expect(crawls.site.asked()).toEqual([]);
  });
});
