import { describe, expect, it } from 'vitest';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import { answer, body, redirect } from './scripted-fetcher.ts';
import { TARGET, visitWorld } from './visit-world.ts';

const ROBOTS = 'http://a.test/robots.txt';
const settings = { ignoreRobots: false, userAgent: 'testbot/1.0' };

function ask(script: Readonly<Record<string, FetchOutcome>>) {
  return visitWorld({ [TARGET]: body('img'), ...script }, { settings });
}

function robots(...lines: string[]): FetchOutcome {
  return body(['User-agent: *', ...lines].join('\n'));
}

describe('robots.txt before a target', () => {
  it.each([
    ['has no rules for it', robots('Disallow: /other')],
    ['is not there', answer(404)],
    ['is forbidden', answer(403)],
    ['is empty', body('')],
    ['has no content', answer(204)],
    ['is a page', body('<!doctype html><p>Disallow: /')],
  ])('lets it be asked when it %s', async (_, file) => {
    const world = ask({ [ROBOTS]: file });
    expect(await world.go()).toMatchObject({ kind: 'ended', status: 'succeeded' });
    expect(world.fetcher.urls).toEqual([ROBOTS, TARGET]);
  });

  it('refuses it by a rule, which it names', async () => {
    const world = ask({ [ROBOTS]: robots('Allow: /s', 'Disallow: /st*') });
    expect(await world.go()).toEqual({
      kind: 'refused',
      reason: 'robots-disallowed',
      facts: { detail: 'Disallow: /st* (line 3 of robots.txt)' },
    });
    expect(world.fetcher.urls).toEqual([ROBOTS]);
  });

  it('is asked with the crawler’s name and cut at its limit', async () => {
    const world = ask({ [ROBOTS]: answer(404) });
    await world.go();
    expect(world.fetcher.requests[0]).toMatchObject({
      userAgent: 'testbot/1.0',
      maxBytes: 500 * 1024,
      mayCut: true,
    });
  });

  it('is asked once for many targets', async () => {
    const world = ask({ [ROBOTS]: answer(404) });
    await world.go();
    await expect(world.go()).rejects.toThrow(`nobody planned a request for ${TARGET}`);
    expect(world.fetcher.urls.filter((url) => url === ROBOTS)).toHaveLength(1);
  });

  it('is not asked where the run says so', async () => {
    const world = visitWorld({ [TARGET]: body('img') }, { settings: { ignoreRobots: true } });
    await world.go();
    expect(world.fetcher.urls).toEqual([TARGET]);
  });

  it.each([
    [500, 'robots-unreachable'],
    [503, 'unavailable'],
    [429, 'rate-limited'],
  ])('allows nothing when it answers %i', async (status, reason) => {
    const world = ask({ [ROBOTS]: answer(status) });
    expect(await world.go()).toMatchObject({ kind: 'ended', reason });
    expect(world.fetcher.urls).toEqual([ROBOTS]);
  });

  it('is a try of the target when its host does not answer', async () => {
    const world = ask({ [ROBOTS]: { kind: 'failed', reason: 'dns-failed', detail: 'no name' } });
    expect(await world.go()).toMatchObject({
      kind: 'ended',
      status: 'failed',
      reason: 'dns-failed',
      facts: { detail: 'robots.txt: no name' },
    });
  });

  it.each([
    [{ kind: 'failed', reason: 'dns-failed', detail: 'no name' } as const, 'dns-failed', 'no name'],
    [answer(500), 'robots-unreachable', 'HTTP 500'],
  ])('ends later targets for what the third failure was: %o', async (outcome, reason, detail) => {
    const world = ask({});
    for (let times = 1; times <= 3; times += 1) {
      world.fetcher.plan(ROBOTS, outcome);
      expect(await world.go()).toMatchObject({ kind: 'ended', reason });
    }

    expect(await world.go()).toEqual({
      kind: 'refused',
      reason,
      facts: { detail: `robots.txt: ${detail}, 3 times in a row` },
    });
    expect(world.fetcher.urls).toEqual([ROBOTS, ROBOTS, ROBOTS]);
  });

  it('makes every host of a redirect judge', async () => {
    const world = ask({
      [ROBOTS]: answer(404),
      [TARGET]: redirect('http://b.test/x'),
      'http://b.test/robots.txt': robots('Disallow: /x'),
    });
    expect(await world.go()).toMatchObject({ kind: 'refused', reason: 'robots-disallowed' });
  });
});

describe('a robots.txt that is elsewhere', () => {
  const chain = (hops: number) =>
    Object.fromEntries(
      Array.from({ length: hops }, (_, at) => [
        at === 0 ? ROBOTS : `http://h${at}.test/r`,
        redirect(`http://h${at + 1}.test/r`),
      ]),
    );

  it('is found behind five redirects', async () => {
    const world = ask({ ...chain(5), 'http://h5.test/r': robots('Disallow: /') });
    expect(await world.go()).toMatchObject({ reason: 'robots-disallowed' });
  });

  it('is none behind six', async () => {
    const world = ask(chain(6));
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
  });
});

describe('Crawl-delay', () => {
  it.each([
    ['2', 2000],
    ['0.25', 250],
  ])('of %s s is kept between the robots.txt and the target', async (seconds, delayMs) => {
    const world = ask({ [ROBOTS]: robots(`Crawl-delay: ${seconds}`) });
    const beganMs = world.clock.now();
    await world.go();
    expect(world.clock.now() - beganMs).toBe(delayMs);
  });

  it('above the ceiling leaves the host out', async () => {
    const world = ask({ [ROBOTS]: robots('Crawl-delay: 31') });
    expect(await world.go()).toEqual({
      kind: 'refused',
      reason: 'crawl-delay-too-long',
      facts: { detail: 'Crawl-delay: 31' },
    });
  });
});

describe('X-Robots-Tag', () => {
  it.each(['noindex', 'noimageindex', 'none', 'noai', 'noimageai', 'testbot: noindex'])(
    '%s: the picture is not kept',
    async (tag) => {
      const world = ask({ [ROBOTS]: answer(404), [TARGET]: answer(200, { 'x-robots-tag': tag }) });
      expect(await world.go()).toMatchObject({ status: 'skipped', reason: 'opted-out' });
      expect(world.stored).toEqual([]);
    },
  );

  it('of another agent does not concern us', async () => {
    const tag = { 'x-robots-tag': 'otherbot: noindex, noai' };
    const world = ask({ [ROBOTS]: answer(404), [TARGET]: body('img', tag) });
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
    expect(world.fetcher.requests[1]?.wantsBody?.(tag)).toBe(true);
  });
});

describe('what is kept for other workers', () => {
  it('is a day’s copy of robots.txt', async () => {
    const world = ask({ [ROBOTS]: robots('Disallow: /private') });
    await world.go();
    const copy = await world.hosts.readRobots('http://a.test', 'testbot');
    expect(copy?.answer).toMatchObject({ kind: 'rules' });
    expect((copy?.askAgainAtMs ?? 0) - world.clock.now()).toBe(24 * 3600 * 1000);
  });

  it('is asked again after a day', async () => {
    const world = ask({ [ROBOTS]: answer(404) });
    await world.hosts.keepRobots('http://a.test', 'testbot', {
      answer: { kind: 'rules', rules: { allow: [], disallow: [['/', 2]], sitemaps: [] } },
      answeredAtMs: world.clock.now() - 24 * 3600 * 1000,
      askAgainAtMs: world.clock.now(),
    });
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
  });

  it('spares the next worker the request', async () => {
    const world = ask({});
    await world.hosts.keepRobots('http://a.test', 'testbot', {
      answer: { kind: 'unavailable' },
      answeredAtMs: world.clock.now(),
      askAgainAtMs: world.clock.now() + 1,
    });
    await world.go();
    expect(world.fetcher.urls).toEqual([TARGET]);
  });
});
