import { describe, expect, it } from 'vitest';
import { pageSettings } from '../../page-settings.ts';
import { answer, body } from '../scripted-fetcher.ts';
import { TARGET, visitWorld } from '../visit-world.ts';

const IMAGE = body('img 1');
const PAGES = pageSettings({ maxPages: 10 });

function sendsOn(location: string, setCookie: string) {
  return answer(302, { location, 'set-cookie': setCookie });
}

/** The `Cookie` headers of a visit's requests. */
async function cookiesOf(world: ReturnType<typeof visitWorld>): Promise<readonly unknown[]> {
  await world.go();
  return world.fetcher.requests.map(({ headers }) => headers?.['cookie']);
}

describe('cookies of one redirect chain', () => {
  it('go with the next requests to the same host', async () => {
    const world = visitWorld({
      [TARGET]: sendsOn('/set', 'a=1; Path=/'),
      'http://a.test/set': sendsOn('/image', 'b=2; Path=/'),
      'http://a.test/image': IMAGE,
    });
    expect(await cookiesOf(world)).toEqual([undefined, 'a=1', 'a=1; b=2']);
  });

  it('stay with the host that set them', async () => {
    const world = visitWorld({
      [TARGET]: sendsOn('http://b.test/', 'a=1; Path=/'),
      'http://b.test/': sendsOn('http://a.test/image', 'b=2; Path=/'),
      'http://a.test/image': IMAGE,
    });
    expect(await cookiesOf(world)).toEqual([undefined, undefined, 'a=1']);
  });

  it('let an address send to itself', async () => {
    const world = visitWorld({ [TARGET]: sendsOn(TARGET, 'seen=1') });
    const going = world.go();
    world.fetcher.plan(TARGET, IMAGE);
    expect(await going).toMatchObject({ status: 'succeeded' });
  });

  it('do not hide a loop', async () => {
    const world = visitWorld({
      [TARGET]: sendsOn('/b', 'a=1; Path=/'),
      'http://a.test/b': sendsOn('/start', 'a=1; Path=/'),
    });
    expect(await world.go()).toMatchObject({ reason: 'too-many-redirects' });
    expect(world.fetcher.urls).toEqual([TARGET, 'http://a.test/b']);
  });

  it('are forgotten at its end in a run of a list', async () => {
    const script = { [TARGET]: sendsOn('/b', 'a=1; Path=/'), 'http://a.test/b': IMAGE };
    const world = visitWorld(script);
    await world.go();
    world.fetcher.plan(TARGET, body('img 2', { 'set-cookie': 'c=3' }));
    await world.go();
    world.fetcher.plan(TARGET, IMAGE);
    expect(await cookiesOf(world)).toEqual([undefined, 'a=1', undefined, undefined]);
  });
});

describe('cookies of a run over pages', () => {
  const settings = { pages: PAGES };
  const first = () => ({ [TARGET]: body('img 1', { 'set-cookie': 'a=1; Path=/' }) });

  it('go with later visits to the site', async () => {
    const world = visitWorld(first(), { settings });
    await world.go();
    world.fetcher.plan('http://a.test/2', IMAGE);
    await world.go({ url: 'http://a.test/2', foundOn: 'http://a.test/page' });
    expect(world.fetcher.requests.at(-1)?.headers).toMatchObject({ cookie: 'a=1' });
  });

  it('are not taken from, nor sent to, a third party', async () => {
    const world = visitWorld(first(), { settings });
    await world.go();
    const image = { url: TARGET, foundOn: 'http://b.test/page' };
    world.fetcher.plan(TARGET, body('img 2', { 'set-cookie': 'track=1; Path=/' }));
    await world.go(image);
    expect(world.fetcher.requests.at(-1)?.headers).not.toHaveProperty('cookie');
    world.fetcher.plan(TARGET, IMAGE);
    await world.go({ url: TARGET });
    expect(world.fetcher.requests.at(-1)?.headers).toEqual({ cookie: 'a=1' });
  });

  it('are forgotten when the site was not visited for long', async () => {
    const world = visitWorld(first(), { settings });
    await world.go();
    await world.clock.advance(11 * 60_000);
    world.fetcher.plan(TARGET, IMAGE);
    await world.go();
    expect(world.fetcher.requests.at(-1)?.headers).toBeUndefined();
  });
});
