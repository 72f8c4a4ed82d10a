import { describe, expect, it } from 'vitest';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import { aHostRecord } from './host-records.ts';
import { answer, body, redirect } from './scripted-fetcher.ts';
import { TARGET, visitWorld } from './visit-world.ts';

const IMAGE = body('img 1');

/** A text as a header brings it: each character one octet. */
function octetsOf(text: string, encoding: 'utf8' | 'latin1'): string {
  return Buffer.from(text, encoding).toString('latin1');
}

/** `/start` and `count` more hops, then an image. */
function chain(count: number): Readonly<Record<string, FetchOutcome>> {
  const urls = [TARGET, ...Array.from({ length: count }, (_, at) => `http://a.test/${at + 1}`)];
  return Object.fromEntries(
    urls.map((url, at) => [url, at === count ? IMAGE : redirect(urls[at + 1] ?? '')]),
  );
}

const LOCATIONS = [
  ['a whole URL', 'http://b.test/x', 'http://b.test/x'],
  ['a path', '/x', 'http://a.test/x'],
  ['a relative path', 'x?y=1', 'http://a.test/x?y=1'],
  ['another host, same scheme', '//b.test/x', 'http://b.test/x'],
  ['a query only', '?y=1', 'http://a.test/start?y=1'],
  ['a fragment', '/x#y', 'http://a.test/x'],
  ['a spelling that is not canonical', 'HTTP://B.test:80/%7e?', 'http://b.test/%7e?'],
  ['octets of UTF-8', octetsOf('/é?ü', 'utf8'), 'http://a.test/%C3%A9?%C3%BC'],
  ['octets of another encoding', octetsOf('/é', 'latin1'), 'http://a.test/%E9'],
  ['a host in octets', octetsOf('http://bücher.test/x', 'utf8'), 'http://xn--bcher-kva.test/x'],
] as const;

/** Other spellings of `http://a.test/start`, which a server may tell apart. */
const RESPELLED = [
  ['an escape', '/%73tart'],
  ['an empty query', '/start?'],
  ['a final dot of the host', 'http://a.test./start'],
  ['both', 'http://a.test./%73tart?'],
] as const;

const NOWHERE = [
  ['no Location', answer(302), 'no Location'],
  ['another scheme', redirect('ftp://a.test/x'), 'not http or https'],
  ['a file', redirect('file:///etc/passwd'), 'not http or https'],
  ['an impossible host', redirect('http://a b/'), 'not a URL'],
  ['a password', redirect('http://me:secret@a.test/'), 'credentials'],
] as const;

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with status %i is followed', async (httpStatus) => {
    const script = { [TARGET]: redirect('/x', httpStatus), 'http://a.test/x': IMAGE };
    const end = await visitWorld(script).go();
    expect(end).toMatchObject({ status: 'succeeded', facts: { finalUrl: 'http://a.test/x' } });
  });

  it('with status 300 is followed where it prefers an address', async () => {
    const script = { [TARGET]: redirect('/x', 300), 'http://a.test/x': IMAGE };
    expect(await visitWorld(script).go()).toMatchObject({ status: 'succeeded' });
    const end = await visitWorld({ [TARGET]: answer(300) }).go();
    expect(end).toMatchObject({ reason: 'unexpected-status' });
  });

  it.each(LOCATIONS)('to %s', async (_, location, expected) => {
    const world = visitWorld({ [TARGET]: redirect(location), [expected]: IMAGE });
    expect(await world.go()).toMatchObject({ status: 'succeeded', facts: { finalUrl: expected } });
    expect(world.fetcher.urls).toEqual([TARGET, expected]);
  });

  it.each(RESPELLED)('to another spelling of the same URL is no loop: %s', async (_, location) => {
    const next = new URL(location, TARGET).href;
    const world = visitWorld({ [TARGET]: redirect(location), [next]: IMAGE });
    expect(await world.go()).toMatchObject({ status: 'succeeded', facts: { finalUrl: next } });
    expect(world.fetcher.urls).toEqual([TARGET, next]);
  });

  it('to the spelling in lower case, and on to that of its escapes, is followed', async () => {
    const [first, second] = ['http://a.test/%c3%a4', 'http://a.test/%C3%A4'];
    const script = { [TARGET]: redirect(second), [second]: redirect(first), [first]: IMAGE };
    expect(await visitWorld(script).go()).toMatchObject({ facts: { finalUrl: first } });
  });

  it('asks robots.txt for the path that is requested, once for all spellings of a host', async () => {
    const next = 'http://a.test./start?';
    const script = {
      'http://a.test/robots.txt': body('User-agent: *\nDisallow: /*?$'),
      [TARGET]: redirect(next),
    };
    const world = visitWorld(script, { settings: { ignoreRobots: false } });
    expect(await world.go()).toMatchObject({ kind: 'refused', reason: 'robots-disallowed' });
  });

  it.each(NOWHERE)('to nowhere is an end: %s', async (_, outcome, detail) => {
    const end = await visitWorld({ [TARGET]: outcome }).go();
    expect(end).toMatchObject({ status: 'failed', reason: 'bad-redirect' });
    expect(end).toMatchObject({ facts: { detail: expect.stringContaining(detail) } });
  });

  it('names the address that answered last, also when it brought nothing', async () => {
    const script = { [TARGET]: redirect('http://b.test/x'), 'http://b.test/x': answer(404) };
    expect(await visitWorld(script).go()).toMatchObject({
      reason: 'not-found',
      facts: { finalUrl: 'http://b.test/x' },
    });
  });
});

describe('many redirects', () => {
  it.each([0, 1, 5])('are followed up to the limit of %i', async (maxRedirects) => {
    const settings = { maxRedirects };
    const atLimit = await visitWorld(chain(maxRedirects), { settings }).go();
    expect(atLimit).toMatchObject({ status: 'succeeded' });
    const over = visitWorld(chain(maxRedirects + 1), { settings });
    expect(await over.go()).toMatchObject({ status: 'failed', reason: 'too-many-redirects' });
    expect(over.fetcher.urls).toHaveLength(maxRedirects + 1);
  });

  it.each([
    ['to itself', { [TARGET]: redirect(TARGET) }, 1],
    ['by a fragment', { [TARGET]: redirect('#again') }, 1],
    ['by the default port', { [TARGET]: redirect('HTTP://A.test:80/x/../start') }, 1],
    ['by spelling', { [TARGET]: redirect('?'), [`${TARGET}?`]: redirect('/start') }, 2],
    ['there and back', { [TARGET]: redirect('/b'), 'http://a.test/b': redirect('/start') }, 2],
  ])('that go round are found at once: %s', async (_, script, requests) => {
    const world = visitWorld(script);
    expect(await world.go()).toMatchObject({
      reason: 'too-many-redirects',
      facts: { detail: expect.stringContaining('a loop at ') },
    });
    expect(world.fetcher.urls).toHaveLength(requests);
  });

  it('share one time limit', async () => {
    const settings = { timeoutMs: 100 };
    const world = visitWorld(chain(3), { settings, latencyMs: 30 });
    expect(await world.go()).toMatchObject({ durationMs: 120 });
    expect(world.fetcher.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([100, 70, 40, 10]);
  });

  it('keep the pace of the host', async () => {
    const world = visitWorld(chain(2), { settings: { delayMs: 1000 } });
    const beganMs = world.clock.now();
    await world.go();
    expect(world.clock.now() - beganMs).toBe(2000);
  });

  it('wait for the pause of the host they lead to', async () => {
    const world = visitWorld({ [TARGET]: redirect('http://b.test/') });
    const untilMs = world.clock.now() + 5000;
    world.hosts.get('b.test').learn(
      aHostRecord({
        pausedUntilMs: untilMs,
        pauses: 1,
        reason: 'unavailable',
        answeredMs: world.clock.now(),
      }),
    );
    expect(await world.go()).toEqual({ kind: 'paused', untilMs });
  });
});
