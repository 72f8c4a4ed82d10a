import { describe, expect, it } from 'vitest';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import { answer, body, redirect } from './scripted-fetcher.ts';
import { TARGET, visitWorld } from './visit-world.ts';

const settings = { ignoreRobots: false, userAgent: 'testbot/1.0' };
const ROBOTS = 'http://a.test/robots.txt';
const DENIED: FetchOutcome = { kind: 'failed', reason: 'host-denied', detail: 'a.test is denied' };

describe('a target of a host that the operator denies', () => {
  it('is skipped for that reason, however often its host is met', async () => {
    const world = visitWorld({}, { settings });
    for (let visit = 0; visit < 5; visit += 1) {
      world.fetcher.plan(ROBOTS, DENIED);
      expect(await world.go()).toMatchObject({
        kind: 'ended',
        status: 'skipped',
        reason: 'host-denied',
        facts: { detail: 'robots.txt: a.test is denied' },
      });
    }
  });

  it('is skipped where robots.txt is not asked, too', async () => {
    const world = visitWorld({ [TARGET]: DENIED }, { settings: { ignoreRobots: true } });
    expect(await world.go()).toMatchObject({ status: 'skipped', reason: 'host-denied' });
  });

  it('is skipped when a redirect leads there', async () => {
    const script = { [TARGET]: redirect('http://b.test/x'), 'http://b.test/x': DENIED };
    const world = visitWorld(script, { settings: { ignoreRobots: true } });
    expect(await world.go()).toMatchObject({
      status: 'skipped',
      reason: 'host-denied',
      facts: { finalUrl: 'http://b.test/x' },
    });
  });

  it('is not meant when only robots.txt leads there: that is an unreachable file', async () => {
    const elsewhere = 'http://b.test/robots.txt';
    const script = { [ROBOTS]: redirect(elsewhere), [elsewhere]: DENIED, [TARGET]: body('img') };
    const world = visitWorld(script, { settings });
    expect(await world.go()).toMatchObject({ kind: 'ended', reason: 'robots-unreachable' });
  });

  it('leaves a host without robots.txt as it was', async () => {
    const world = visitWorld({ [ROBOTS]: answer(404), [TARGET]: body('img') }, { settings });
    expect(await world.go()).toMatchObject({ status: 'succeeded' });
  });
});
