import { describe, expect, it } from 'vitest';
import { PURPOSES } from '../../../core/model/purpose.ts';
import { MAX_EVIDENCE } from '../../../core/model/statement.ts';
import {
  headersOf,
  plus,
  ROBOTS,
  RSL,
  rsl,
  type Said,
  TDMREP,
  TERMS,
  worldOf,
} from '../rights/owners-world.ts';
import { answer, body, redirect } from '../scripted-fetcher.ts';
import { TARGET, visitWorld } from '../visit-world.ts';

const DAY_MS = 24 * 3600 * 1000;

describe('what an owner says', () => {
  it.each<readonly [string, Said, 'kept' | 'reserved' | 'opted-out', boolean]>([
    ['nothing', {}, 'kept', true],
    ['robots.txt: no training', { robots: ['Content-Usage: train-ai=n'] }, 'reserved', false],
    [
      'robots.txt: no training, for a search index',
      { robots: ['Content-Usage: train-ai=n'], purposes: ['search'] },
      'kept',
      true,
    ],
    ['robots.txt: elsewhere', { robots: ['Content-Usage: /art/ train-ai=n'] }, 'kept', true],
    ['a signal: no training', { robots: ['Content-Signal: ai-train=no'] }, 'reserved', false],
    ['a signal: no copy', { robots: ['Content-Signal: use=immediate'] }, 'reserved', false],
    ['tdmrep.json', { tdmrep: [{ location: '/', 'tdm-reservation': 1 }] }, 'reserved', true],
    [
      'tdmrep.json, and the header takes it back',
      {
        tdmrep: [{ location: '/', 'tdm-reservation': 1 }],
        headers: ['tdm-reservation: 0'],
      },
      'kept',
      true,
    ],
    [
      'tdmrep.json, for a search index',
      { tdmrep: [{ location: '/', 'tdm-reservation': 1 }], purposes: ['search'] },
      'kept',
      true,
    ],
    ['no JSON', { tdmrep: 'none' }, 'kept', true],
    ['a header: no training', { headers: ['Content-Usage: train-ai=n'] }, 'reserved', true],
    ['a header: no mining', { headers: ['TDM-Reservation: 1'] }, 'reserved', true],
    ['X-Robots-Tag', { headers: ['X-Robots-Tag: noai'] }, 'opted-out', true],
    ['Robots-Tag', { headers: ['Robots-Tag: *;noindex'] }, 'opted-out', true],
    [
      'X-Robots-Tag, for a search index',
      { headers: ['X-Robots-Tag: noai'], purposes: ['search'] },
      'kept',
      true,
    ],
    [
      'X-Robots-Tag, for training',
      { headers: ['X-Robots-Tag: noindex'], purposes: ['train'] },
      'kept',
      true,
    ],
    ['metadata', { inFile: plus('DMI-PROHIBITED-AIMLTRAINING') }, 'reserved', true],
    ['metadata: allowed', { inFile: plus('DMI-ALLOWED') }, 'kept', true],
    [
      'terms in robots.txt',
      {
        robots: ['License: /terms.xml'],
        terms: rsl('<prohibits type="usage">ai-train</prohibits>'),
      },
      'reserved',
      false,
    ],
    [
      'terms that allow',
      { robots: ['License: /terms.xml'], terms: rsl('<permits type="usage">all</permits>') },
      'kept',
      true,
    ],
    [
      'terms that cannot be read',
      { robots: ['License: /terms.xml'], terms: answer(404) },
      'reserved',
      false,
    ],
    ['terms without an address', { robots: ['License: ftp://a.test/'] }, 'reserved', false],
    [
      'terms in a header',
      { headers: [RSL], terms: rsl('<prohibits>search</prohibits>') },
      'reserved',
      true,
    ],
  ])('%s', async (_, said, expected, isAsked) => {
    const world = worldOf(said);
    const end = await world.go();
    const isKept = expected === 'kept';
    expect(end).toMatchObject(isKept ? { reason: null } : { reason: expected });
    expect(world.stored).toHaveLength(isKept ? 1 : 0);
    expect(world.fetcher.urls.includes(TARGET)).toBe(isAsked);
  });

  it.each([
    ['Content-Usage: train-ai=n', false],
    ['TDM-Reservation: 1', false],
    ['X-Robots-Tag: noindex', false],
    ['TDM-Reservation: 0', true],
    ['Cache-Control: no-store', true],
  ])('decides by the head whether the body is read: %s', async (header, isWanted) => {
    const world = worldOf({ headers: [header] });
    await world.go();
    const request = world.fetcher.requests.find(({ url }) => url === TARGET);
    expect(request?.wantsBody?.(headersOf([header]))).toBe(isWanted);
  });

  it('is not asked for, and not judged, where the owner of the sites runs the crawl', async () => {
    const headers = headersOf(['X-Robots-Tag: noai', 'Content-Usage: train-ai=n', RSL]);
    const settings = { ignoreRobots: true, purposes: PURPOSES };
    const world = visitWorld(
      { [TARGET]: body('img', headers) },
      { settings, inFile: plus('DMI-PROHIBITED') },
    );
    const end = await world.go();
    expect(end).toMatchObject({ reason: null, facts: { rights: undefined } });
    expect(world.fetcher.urls).toEqual([TARGET]);
  });
});

describe('evidence', () => {
  it('names the statement that reserves it, before the others', async () => {
    const said = { robots: ['Content-Signal: search=yes'], headers: ['Content-Usage: train-ai=n'] };
    expect(await worldOf(said).go()).toMatchObject({
      status: 'skipped',
      reason: 'reserved',
      facts: {
        httpStatus: 200,
        detail: 'for train by content-usage (header): train-ai=n',
        rights: [
          { signal: 'content-usage', where: 'header', positions: { train: 'reserved' } },
          { signal: 'content-signal', where: 'robots.txt', positions: { search: 'allowed' } },
        ],
      },
    });
  });

  it('stands beside a picture that was kept', async () => {
    expect(await worldOf({ headers: ['Content-Usage: train-ai=y'] }).go()).toMatchObject({
      status: 'succeeded',
      facts: { rights: [{ signal: 'content-usage', positions: { train: 'allowed' } }] },
    });
  });

  it('has a limit', async () => {
    const inFile = Array.from({ length: 20 }, () => plus('DMI-ALLOWED')).flat();
    const end = await worldOf({ inFile }).go();
    expect(end.kind === 'ended' && end.facts.rights).toHaveLength(MAX_EVIDENCE);
  });
});

describe('tdmrep.json', () => {
  const RULES = [{ location: '/private', 'tdm-reservation': 1 }];

  it('is asked for once a day, and kept for other workers', async () => {
    const world = worldOf({ tdmrep: RULES });
    await world.go();
    const { tdm } = world.hosts.get('a.test').record;
    expect(tdm?.['http']).toEqual({
      rules: [{ location: '/private', reservation: 1 }],
      askAgainAtMs: world.clock.now() + DAY_MS,
    });
    world.fetcher.plan(TARGET, body('img 2'));
    await world.go();
    expect(world.fetcher.urls).toEqual([ROBOTS, TDMREP, TARGET, TARGET]);
  });

  it.each([
    ['there is none', answer(404)],
    ['it fails', answer(500)],
    ['it leads nowhere', redirect('mailto:x')],
    ['it is a page', body('<!doctype html>')],
  ])('says nothing for a day when %s', async (_, file) => {
    const world = worldOf({});
    world.fetcher.plan(TDMREP, file);
    expect(await world.go()).toMatchObject({ reason: null });
    world.fetcher.plan(TARGET, body('img 2'));
    expect(await world.go()).toMatchObject({ reason: null });
    expect(world.fetcher.urls.filter((url) => url === TDMREP)).toHaveLength(1);
  });

  it('is asked for at the pace that robots.txt asks for', async () => {
    const world = worldOf({ robots: ['Crawl-delay: 7'] });
    const beganMs = world.clock.now();
    expect(await world.go()).toMatchObject({ reason: null });
    expect(world.fetcher.urls).toEqual([ROBOTS, TDMREP, TARGET]);
    expect(world.clock.now() - beganMs).toBe(14_000);
  });

  it('is followed to where it is', async () => {
    const world = worldOf({});
    world.fetcher.plan(TDMREP, redirect('/tdm.json'));
    world.fetcher.plan('http://a.test/tdm.json', body('[{"location":"*","tdm-reservation":1}]'));
    expect(await world.go()).toMatchObject({ reason: 'reserved' });
  });

  it('with many rules is not shared', async () => {
    const tdmrep = Array.from({ length: 201 }, (_, at) => {
      return { location: `/private/${at}`, 'tdm-reservation': 1 };
    });
    const world = worldOf({ tdmrep });
    expect(await world.go()).toMatchObject({ reason: null });
    expect(world.hosts.get('a.test').record.tdm).toBeUndefined();
    expect(world.hosts.get('a.test').tdm('http')?.copy.rules).toHaveLength(201);
  });
});

describe('terms', () => {
  it('are asked for once by a worker', async () => {
    const said = { robots: ['License: /terms.xml'], terms: rsl('<permits>all</permits>') };
    const world = worldOf(said);
    await world.go();
    world.fetcher.plan(TARGET, body('img 2'));
    expect(await world.go()).toMatchObject({ reason: null });
    expect(world.fetcher.urls.filter((url) => url === TERMS)).toHaveLength(1);
  });

  it('that could not be read are asked for again later', async () => {
    const world = worldOf({ robots: ['License: /terms.xml'], terms: answer(404) });
    expect(await world.go()).toMatchObject({ reason: 'reserved' });
    await world.clock.advance(11 * 60 * 1000);
    world.fetcher.plan(TERMS, rsl('<permits>all</permits>'));
    expect(await world.go()).toMatchObject({ reason: null });
  });

  it('named by a header are asked for before the picture is stored', async () => {
    const world = worldOf({ headers: [RSL], terms: rsl('<permits>all</permits>') });
    expect(await world.go()).toMatchObject({ kind: 'ended', reason: null });
    expect(world.fetcher.urls).toEqual([ROBOTS, TDMREP, TARGET, TERMS]);
  });

  it('that cannot be asked for any more leave the target open', async () => {
    let asked = 0;
    const isCancelled = async () => {
      asked += 1;
      return asked === 3;
    };
    const settings = { ignoreRobots: false, purposes: ['search'] as const };
    const script = { [ROBOTS]: answer(404), [TARGET]: body('img 1', headersOf([RSL])) };
    const world = visitWorld(script, { settings, limits: { isCancelled } });
    expect(await world.go()).toEqual({ kind: 'cancelled' });
    expect(world.stored).toEqual([]);
  });
});
