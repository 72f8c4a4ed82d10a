import { describe, expect, it } from 'vitest';
import type { HostRecord } from '../../../core/model/host-record.ts';
import { PURPOSES } from '../../../core/model/purpose.ts';
import type { RobotsCopy } from '../../../core/model/robots-rules.ts';
import type { FetchFailure, FetchOutcome } from '../../../core/ports/fetcher.ts';
import { aRun } from '../../worker/records.ts';
import { aHostRecord } from '../host-records.ts';
import { answer, body, redirect } from '../scripted-fetcher.ts';
import { TARGET, visitWorld } from '../visit-world.ts';

const ROBOTS = 'http://a.test/robots.txt';
const TDMREP = 'http://a.test/.well-known/tdmrep.json';
const settings = { ignoreRobots: false, userAgent: 'testbot/1.0' };
const NO_NAME = { kind: 'failed', reason: 'dns-failed', detail: 'no name' } as const;
/** What `visitWorld` makes of the pause after a contact, in milliseconds. */
const CONTACT_PAUSE_MS = 6000;
const DAY_MS = 24 * 3600 * 1000;

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

  it('is an attempt at the target when a host does not answer that did before', async () => {
    const world = ask({ [ROBOTS]: NO_NAME });
    world.hosts.get('a.test').lane.recordSuccess(1);
    expect(await world.go()).toMatchObject({
      kind: 'ended',
      status: 'failed',
      reason: 'dns-failed',
      facts: { detail: 'robots.txt: no name' },
    });
  });

  it.each([
    ['no name', NO_NAME, 'dns-failed', 'no name'],
    ['HTTP 500', answer(500), 'robots-unreachable', 'HTTP 500'],
  ])(
    'ends later targets for what the third failure was: %s',
    async (_, outcome, reason, detail) => {
      const world = ask({});
      world.hosts.get('a.test').lane.recordSuccess(1);
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
    },
  );

  it('makes every host of a redirect judge', async () => {
    const world = ask({
      [ROBOTS]: answer(404),
      [TARGET]: redirect('http://b.test/x'),
      'http://b.test/robots.txt': robots('Disallow: /x'),
    });
    expect(await world.go()).toMatchObject({ kind: 'refused', reason: 'robots-disallowed' });
  });
});

describe('robots.txt of a host that never answered', () => {
  it('is no attempt at the target when it fails: the target waits with its host', async () => {
    const world = ask({ [ROBOTS]: NO_NAME });
    const untilMs = world.clock.now() + CONTACT_PAUSE_MS;
    expect(await world.go()).toEqual({ kind: 'paused', untilMs });
    expect(await world.go()).toEqual({ kind: 'paused', untilMs });
    expect(world.fetcher.urls).toEqual([ROBOTS]);
  });

  it('is asked for three times, and then its targets end for the reason of the network', async () => {
    const world = ask({});
    for (let contact = 1; contact <= 3; contact += 1) {
      world.fetcher.plan(ROBOTS, NO_NAME);
      const end = await world.go();
      if (contact < 3) expect(end).toMatchObject({ kind: 'paused' });
      else
        expect(end).toEqual({
          kind: 'refused',
          reason: 'dns-failed',
          facts: { detail: 'host given up: robots.txt: no name' },
        });
      await world.clock.advance(CONTACT_PAUSE_MS);
    }
    expect(await world.go()).toEqual({
      kind: 'refused',
      reason: 'dns-failed',
      facts: { detail: 'host given up: no name' },
    });
    expect(world.fetcher.urls).toEqual([ROBOTS, ROBOTS, ROBOTS]);
  });

  it('is asked for once when no attempt cures its failure', async () => {
    const world = ask({ [ROBOTS]: { kind: 'failed', reason: 'tls-failed', detail: 'expired' } });
    const refused = { kind: 'refused', reason: 'tls-failed' };
    expect(await world.go()).toMatchObject(refused);
    expect(await world.go()).toMatchObject(refused);
    expect(world.fetcher.urls).toEqual([ROBOTS]);
  });

  it('is an attempt where the host answers, though not with the file', async () => {
    const world = ask({ [ROBOTS]: answer(503, { 'retry-after': '30' }) });
    expect(await world.go()).toMatchObject({
      kind: 'ended',
      reason: 'unavailable',
      pauseMs: 30_000,
    });
  });

  it('lets the host be asked as usual once it has come', async () => {
    const world = ask({ [ROBOTS]: NO_NAME });
    await world.go();
    await world.clock.advance(CONTACT_PAUSE_MS);
    world.fetcher.plan(ROBOTS, answer(404));
    expect(await world.go()).toMatchObject({ kind: 'ended', status: 'succeeded' });
    expect(world.fetcher.requests).toMatchObject([
      { url: ROBOTS, firstContact: true },
      { url: ROBOTS, firstContact: true },
      { url: TARGET, firstContact: false },
    ]);
    expect(world.hosts.get('a.test').lane.record.failedContacts).toEqual({});
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

  it('behind six redirects counts as absent', async () => {
    const world = ask(chain(6));
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
  });
});

const SECURE = 'https://a.test/robots.txt';
const OTHER = 'http://b.test/r';
const failed = (reason: FetchFailure, httpStatus?: number): FetchOutcome => {
  return { kind: 'failed', reason, detail: 'why', httpStatus };
};

/** Failures that are those of the file, for the host answers: its script, and the detail. */
const OF_THE_FILE: readonly (readonly [string, Readonly<Record<string, FetchOutcome>>, string])[] =
  [
    ['cut while it was read', { [ROBOTS]: failed('truncated', 200) }, 'truncated: why'],
    [
      'reset while it was read',
      { [ROBOTS]: failed('connection-lost', 200) },
      'connection-lost: why',
    ],
    ['too slow behind its head', { [ROBOTS]: failed('timeout', 200) }, 'timeout: why'],
    ['in a broken encoding', { [ROBOTS]: failed('bad-encoding', 200) }, 'bad-encoding: why'],
    ['no HTTP', { [ROBOTS]: failed('protocol-error') }, 'protocol-error: why'],
    [
      'behind a certificate that is over',
      { [ROBOTS]: redirect(SECURE), [SECURE]: failed('tls-failed') },
      'tls-failed: why',
    ],
    [
      'behind a redirect to a host that is not there',
      { [ROBOTS]: redirect(OTHER), [OTHER]: failed('dns-failed') },
      'dns-failed: why',
    ],
    [
      'behind a redirect to a host that cannot be secured',
      { [ROBOTS]: redirect(OTHER), [OTHER]: failed('tls-failed') },
      'tls-failed: why',
    ],
    [
      'behind a redirect to where nothing is asked',
      { [ROBOTS]: redirect(OTHER), [OTHER]: failed('address-blocked') },
      'address-blocked: why',
    ],
  ];

describe('a robots.txt that fails while its host answers', () => {
  it.each(OF_THE_FILE)('is an attempt, after which it may come: %s', async (_, script, detail) => {
    const world = ask(script);
    expect(await world.go()).toMatchObject({
      kind: 'ended',
      status: 'skipped',
      reason: 'robots-unreachable',
      facts: { detail: `robots.txt: ${detail}` },
    });
    await world.clock.advance(CONTACT_PAUSE_MS);
    world.fetcher.plan(ROBOTS, answer(404));
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
  });

  it.each(OF_THE_FILE)('allows nothing after three times: %s', async (_, script) => {
    const world = ask({});
    const end = { reason: 'robots-unreachable' };
    for (let times = 1; times <= 3; times += 1) {
      for (const [url, outcome] of Object.entries(script)) world.fetcher.plan(url, outcome);
      expect(await world.go()).toMatchObject({ kind: 'ended', ...end });
      await world.clock.advance(CONTACT_PAUSE_MS);
    }
    expect(await world.go()).toMatchObject({ kind: 'refused', ...end });
    expect(world.fetcher.urls).not.toContain(TARGET);
  });

  it.each(OF_THE_FILE)('leaves the rules that were read before: %s', async (_, script) => {
    const world = ask(script);
    const answeredAtMs = world.clock.now() - DAY_MS;
    const rules = { allow: [], disallow: [['/x', 2] as const], sitemaps: [] };
    const answered = { answeredAtMs, askAgainAtMs: answeredAtMs + DAY_MS };
    world.ledger.keep('a.test', recordWith({ answer: { kind: 'rules', rules }, ...answered }));
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
  });

  it('is one where another host has been given up', async () => {
    const world = ask({ [ROBOTS]: redirect(OTHER) });
    const budget = { round: 'run-1 0', attempts: 3 };
    for (let contact = 1; contact <= 3; contact += 1) {
      world.hosts.get('b.test').lane.recordFailure({ reason: 'dns-failed', budget }, 0);
      await world.clock.advance(CONTACT_PAUSE_MS);
    }
    expect(await world.go()).toMatchObject({
      kind: 'ended',
      reason: 'robots-unreachable',
      facts: { detail: 'robots.txt: dns-failed: host given up' },
    });
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
  it.each(['noindex', 'noimageindex', 'none', 'noai', 'noimageai', 'noml', 'testbot: noindex'])(
    '%s: the picture is not kept',
    async (tag) => {
      const script = { [ROBOTS]: answer(404), [TDMREP]: answer(404) };
      const world = visitWorld(
        { ...script, [TARGET]: answer(200, { 'x-robots-tag': tag }) },
        { settings: { ...settings, purposes: PURPOSES } },
      );
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

/** What another worker has kept of the host, with this copy of its robots.txt. */
function recordWith(copy: RobotsCopy): HostRecord {
  return aHostRecord({
    answeredMs: copy.answeredAtMs,
    robots: { 'http testbot': copy },
  });
}

describe('what is kept for other workers', () => {
  it('is a day’s copy of robots.txt', async () => {
    const world = ask({ [ROBOTS]: robots('Disallow: /private') });
    await world.go();
    const kept = world.hosts.get('a.test').record;
    expect(Object.keys(kept.robots)).toEqual(['http testbot']);
    const copy = kept.robots['http testbot'];
    expect(copy?.answer).toMatchObject({
      kind: 'rules',
      rules: { disallow: [['/private', 2]] },
    });
    expect((copy?.askAgainAtMs ?? 0) - world.clock.now()).toBe(DAY_MS);
  });

  it('is in the record of its host when that is kept: a full batch is written at once', async () => {
    const world = ask({ [ROBOTS]: robots('Disallow: /private') });
    await world.go();
    expect(Object.keys(world.ledger.record('a.test')?.robots ?? {})).toEqual(['http testbot']);
  });

  it('is asked again after a day', async () => {
    const world = ask({ [ROBOTS]: answer(404) });
    const nowMs = world.clock.now();
    const rules = { allow: [], disallow: [['/', 2] as const], sitemaps: [] };
    world.ledger.keep(
      'a.test',
      recordWith({
        answer: { kind: 'rules', rules },
        answeredAtMs: nowMs - DAY_MS,
        askAgainAtMs: nowMs,
      }),
    );
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
    expect(world.fetcher.urls).toEqual([ROBOTS, TARGET]);
  });

  it('spares the next worker the request', async () => {
    const world = ask({});
    const nowMs = world.clock.now();
    world.ledger.keep(
      'a.test',
      recordWith({
        answer: { kind: 'unavailable' },
        answeredAtMs: nowMs,
        askAgainAtMs: nowMs + 1,
      }),
    );
    await world.go();
    expect(world.fetcher.urls).toEqual([TARGET]);
  });

  it('is nothing of a file that could not be had twice, and that it could not at the third time', async () => {
    const world = ask({});
    for (const kept of [undefined, undefined, { kind: 'unreachable' }]) {
      world.fetcher.plan(ROBOTS, answer(500));
      await world.go();
      expect(world.hosts.get('a.test').record.robots['http testbot']?.answer).toEqual(kept);
    }
  });
});

describe('the sitemaps of an origin', () => {
  it('are those that its robots.txt names, once that was asked for', async () => {
    const sitemap = 'http://a.test/map.xml';
    const world = ask({ [ROBOTS]: robots('Disallow: /private', `Sitemap: ${sitemap}`) });
    const run = aRun([], settings);
    expect(await world.robots.sitemapsOf(TARGET, run)).toEqual([]);
    await world.go();
    expect(await world.robots.sitemapsOf(TARGET, run)).toEqual([sitemap]);
    expect(await world.robots.sitemapsOf('https://a.test/', run)).toEqual([]);
  });

  it('are known from what another worker kept', async () => {
    const world = ask({});
    const nowMs = world.clock.now();
    const rules = { allow: [], disallow: [], sitemaps: ['http://a.test/map.xml'] };
    const answered = { answeredAtMs: nowMs, askAgainAtMs: nowMs + DAY_MS };
    world.ledger.keep('a.test', recordWith({ answer: { kind: 'rules', rules }, ...answered }));
    expect(await world.robots.sitemapsOf(TARGET, aRun([], settings))).toEqual(rules.sitemaps);
    expect(world.fetcher.urls).toEqual([]);
  });
});
