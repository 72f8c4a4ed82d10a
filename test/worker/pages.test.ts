import { describe, expect, it } from 'vitest';
import { decodeSightings, fingerprint } from '../../core/links/fingerprint.ts';
import type { PageSettings } from '../../core/model/run.ts';
import { pageSettings } from '../page-settings.ts';
import { expectExact } from './expect-exact.ts';
import { aTask } from './records.ts';
import { documentOf, failure, image, page, type Script, status, textOf } from './scripted-site.ts';
import { World, type WorldOptions } from './world.ts';

const PAGES = pageSettings({ depth: 5, maxPages: 1000 });
const START = 'https://a.example/';
/** Pages of two hosts. */
const ALL = { pages: ['https://a.example/p', 'https://cdn.test/p'] };

interface Plan extends WorldOptions {
  readonly pages?: Partial<PageSettings>;
}

/** A run over the pages of a script, from its start page to its end. */
async function crawled(script: Script, { pages, ...options }: Plan = {}): Promise<World> {
  const settings = { ...options.settings, pages: { ...PAGES, ...pages } };
  const world = new World(script, { ...options, settings });
  const start = { targets: [{ url: START, kind: 'page', depth: 0 }] } as const;
  await world.begin([aTask('w0-g-0', [START], start)]);
  await world.drain();
  return world;
}

function endOf(world: World, path: string): string {
  const url = new URL(path, START).href;
  const { status, reason } = world.result(url) ?? { status: 'nothing', reason: null };
  const out = world.leftOut.find((one) => one.url === url);
  return out === undefined || status !== 'nothing' ? (reason ?? status) : `left out: ${out.reason}`;
}

describe('a run over pages', () => {
  it('finds what pages name, asks for each once, and ends exactly', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/b', '/c', '/'], images: ['/1.png'] })],
      'https://a.example/b': [documentOf({ pages: ['/c', '/'], images: ['/1.png', '/2.png'] })],
      'https://a.example/c': [documentOf({ pages: ['/b'], images: ['/2.png', '/3.png'] })],
      'https://a.example/1.png': [image('1')],
      'https://a.example/2.png': [image('2')],
      'https://a.example/3.png': [status(404)],
    });
    const urls = [START, '/b', '/c', '/1.png', '/2.png', '/3.png'];
    await expectExact(
      world,
      urls.map((path) => new URL(path, START).href),
    );
    for (const path of urls) expect(world.site.asked(new URL(path, START).href)).toBe(1);
  });

  it('tells sites which page sent it, and gives them their cookies back', async () => {
    const document = documentOf({ pages: ['/b'], images: ['/1.png', 'https://cdn.test/2.png'] });
    const cookie = { 'set-cookie': 'a=1; Path=/\nb=2; Domain=test; Path=/' };
    const script = {
      [START]: [document.kind === 'body' ? { ...document, headers: cookie } : document],
      'https://a.example/b': [documentOf({})],
      'https://a.example/1.png': [image('1')],
      'https://cdn.test/2.png': [image('2')],
    };
    const headers = [{ host: 'cdn.test', name: 'X-Key', value: 'k' }];
    const world = await crawled(script, { settings: { headers } });
    const sent = (url: string) => world.site.visits.find((visit) => visit.url === url)?.headers;
    expect(sent(START)).toEqual({});
    for (const path of ['b', '1.png'])
      expect(sent(`${START}${path}`)).toEqual({ referer: START, cookie: 'a=1' });
    expect(sent('https://cdn.test/2.png')).toEqual({ referer: START, 'x-key': 'k' });
  });

  it('tells of a find where it was found, and of a page what it names', async () => {
    const world = await crawled({
      [START]: [documentOf({ title: 'Home', pages: ['/b?x=1#top'], images: ['/1.png#x'] })],
      'https://a.example/b?x=1': [documentOf({ images: ['/1.png'] })],
      'https://a.example/1.png': [image('1')],
    });
    expect(world.result(START)).toMatchObject({ title: 'Home', links: 1, images: 1, depth: 0 });
    expect(world.result('https://a.example/b?x=1')).toMatchObject({
      kind: 'page',
      depth: 1,
      foundOn: START,
      foundAs: 'https://a.example/b?x=1#top',
    });
    expect(world.result('https://a.example/1.png')).toMatchObject({
      depth: 0,
      foundOn: START,
      foundAs: 'https://a.example/1.png#x',
      alt: 'picture /1.png#x',
    });
    const { sightings = '' } = world.result('https://a.example/b?x=1') ?? {};
    expect(decodeSightings(sightings)).toEqual([fingerprint('https://a.example/1.png')]);
  });

  it('does not wait for other pages to bring finds where there are none under way', async () => {
    const paths = ['/b', '/c', '/d', '/e'];
    const urls = [START, ...paths.map((path) => new URL(path, START).href)];
    const named = [...paths.map((path) => [path]), []];
    const script = urls.map((url, at) => [url, [documentOf({ pages: named[at] ?? [] })]] as const);
    const world = await crawled(Object.fromEntries(script), { settings: { ratePerS: 0 } });
    const times = urls.map((url) => world.site.visits.find((one) => one.url === url)?.atMs ?? 0);
    const waits = times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0));
    expect(Math.max(...waits)).toBeLessThan(400);
  });

  it.each([
    ['another host', 'https://b.example/p', {}, 'out-of-scope'],
    ['another port', 'https://a.example:8443/p', {}, 'out-of-scope'],
    ['another host of the domain', 'https://x.a.example/p', {}, 'out-of-scope'],
    ['an excluded page', '/private/p', { exclude: ['/private/'] }, 'out-of-scope'],
    ['a page that is not included', '/p', { include: ['/blog/'] }, 'out-of-scope'],
    ['a page beyond the depth', '/p', { depth: 0 }, 'too-deep'],
    ['a page beyond the ceiling', '/p', { maxPages: 1 }, 'over-ceiling'],
    ['what is no page by its name', '/paper.pdf?v=1', {}, 'not-a-page'],
    ['a path that repeats itself', '/p/p/p/p/p', {}, 'trap'],
  ] as const)('leaves out %s, and says so', async (_, link, pages, reason) => {
    const world = await crawled({ [START]: [documentOf({ pages: [link] })] }, { pages });
    expect(endOf(world, link)).toBe(`left out: ${reason}`);
    expect((await world.progress()).ended).toBe(true);
  });

  it.each([
    ['a host with and without www', 'https://www.a.example/p', {}],
    ['a host of the domain, with that scope', 'https://x.a.example/p', { scope: 'domain' }],
    ['any host, with that scope', 'https://other.test/p', { scope: 'any' }],
  ] as const)('follows a link to %s', async (_, link, pages) => {
    const world = await crawled(
      { [START]: [documentOf({ pages: [link] })], [link]: [documentOf({})] },
      { pages },
    );
    expect(endOf(world, link)).toBe('succeeded');
  });

  it('takes images from anywhere, or only from the scope that is asked for', async () => {
    const script = {
      [START]: [documentOf({ images: ['https://cdn.test/1.png'] })],
      'https://cdn.test/1.png': [image('1')],
    };
    expect(endOf(await crawled(script), 'https://cdn.test/1.png')).toBe('succeeded');
    const near = await crawled(script, { pages: { imageScope: 'host' } });
    expect(endOf(near, 'https://cdn.test/1.png')).toBe('left out: out-of-scope');
  });

  it('takes in what was left out, when it is found again within the bounds', async () => {
    const far = 'https://b.example/p';
    const world = await crawled({
      [START]: [documentOf({ pages: [far, '/moved'] })],
      'https://a.example/moved': [documentOf({ images: [far] })],
      [far]: [image('a picture after all')],
    });
    expect(endOf(world, far)).toBe('succeeded');
  });

  it('makes the new address of a page a target of its own', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/old', '/new'] })],
      'https://a.example/old': [status(301, { location: '/new' })],
      'https://a.example/new': [documentOf({ images: ['/1.png'] })],
      'https://a.example/1.png': [image('1')],
    });
    expect(endOf(world, '/old')).toBe('redirected');
    expect(world.site.asked('https://a.example/new')).toBe(1);
    expect(endOf(world, '/1.png')).toBe('succeeded');
  });

  it('asks for what pages name as they name it, visitors included, and once', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/%c3%a4?utm_source=n', '/%C3%A4'], images: ['/%7e.png?'] })],
      'https://a.example/%c3%a4?utm_source=n': [documentOf({ images: ['/~.png', '?x'] })],
      'https://a.example/%7e.png?': [image('1')],
      'https://a.example/%c3%a4?x': [image('2')],
    });
    expect(endOf(world, '/%C3%A4')).toBe('succeeded');
    expect(endOf(world, '/~.png')).toBe('succeeded');
    expect(world.site.visits).toHaveLength(4);
  });

  it('follows a page to another spelling of its URL, which is no other target', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/%C3%A4'] })],
      'https://a.example/%C3%A4': [status(301, { location: '/%c3%a4' })],
      'https://a.example/%c3%a4': [status(301, { location: '/%c3%a4?' })],
      'https://a.example/%c3%a4?': [documentOf({ images: ['1.png'] })],
      'https://a.example/1.png': [image('1')],
    });
    expect(world.result('https://a.example/%C3%A4')).toMatchObject({
      status: 'succeeded',
      finalUrl: 'https://a.example/%c3%a4?',
      attempts: 1,
    });
    expect(endOf(world, '/1.png')).toBe('succeeded');
  });

  it('follows a page in lower case to the spelling of its escapes', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/K%C3%A4', '/k%C3%A4'] })],
      'https://a.example/K%C3%A4': [status(301, { location: '/k%c3%a4' })],
      'https://a.example/k%C3%A4': [status(301, { location: '/k%c3%a4' })],
      'https://a.example/k%c3%a4': [documentOf({})],
    });
    expect(world.result('https://a.example/K%C3%A4')).toMatchObject({
      reason: 'redirected',
      finalUrl: 'https://a.example/k%c3%a4',
    });
    expect(endOf(world, '/k%C3%A4')).toBe('succeeded');
    expect(world.site.asked('https://a.example/k%c3%a4')).toBe(1);
  });

  it.each([
    ['a page to itself', { '/p': '/p' }],
    ['a page between two spellings', { '/p': '/p?', '/p?': '/p' }],
  ])('ends a redirect that goes round: %s', async (_, moves) => {
    const moved = Object.entries(moves).map(([from, location]) => [
      new URL(from, START).href,
      [status(302, { location })],
    ]);
    const world = await crawled({
      [START]: [documentOf({ pages: ['/p'] })],
      ...Object.fromEntries(moved),
    });
    expect(endOf(world, '/p')).toBe('too-many-redirects');
    expect(world.site.visits).toHaveLength(1 + moved.length);
  });

  it('drops the session of a page that hands one out by a redirect', async () => {
    const session = '/p?PHPSESSID=0123456789abcdef0';
    const world = await crawled({
      [START]: [documentOf({ pages: ['/p'] })],
      'https://a.example/p': [status(302, { location: session })],
      [`https://a.example${session}`]: [documentOf({})],
    });
    expect(endOf(world, '/p')).toBe('succeeded');
  });

  it('follows a start page wherever it has moved', async () => {
    const world = await crawled({
      [START]: [status(301, { location: 'https://b.example/' })],
      'https://b.example/': [documentOf({ pages: ['/p', START] })],
      'https://b.example/p': [documentOf({})],
    });
    expect(endOf(world, 'https://b.example/p')).toBe('succeeded');
  });

  it('does not leave the scope by a redirect', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/out'] })],
      'https://a.example/out': [status(302, { location: 'https://b.example/' })],
    });
    expect(endOf(world, '/out')).toBe('redirected');
    expect(endOf(world, 'https://b.example/')).toBe('left out: out-of-scope');
  });

  it('ends a chain of redirects that has no end', async () => {
    const hops = Array.from({ length: 20 }, (_, at) => [
      `https://a.example/r${at}`,
      [status(302, { location: `/r${at + 1}` })],
    ]);
    const world = await crawled({
      [START]: [documentOf({ pages: ['/r0'] })],
      ...Object.fromEntries(hops),
    });
    expect(world.results.some(({ reason }) => reason === 'too-many-redirects')).toBe(true);
    expect((await world.progress()).ended).toBe(true);
  });

  it('takes what a page names that prefers another address, and that address too', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/p?from=home'] })],
      'https://a.example/p?from=home': [
        documentOf({ canonical: '/p', images: ['/1.png'], pages: ['/q'] }),
      ],
      'https://a.example/p': [documentOf({ canonical: '/p', images: ['/2.png'] })],
      'https://a.example/q': [documentOf({})],
      'https://a.example/1.png': [image('1')],
      'https://a.example/2.png': [image('2')],
    });
    expect(endOf(world, '/p?from=home')).toBe('canonical-elsewhere');
    for (const path of ['/p', '/q', '/1.png', '/2.png'])
      expect(endOf(world, path)).toBe('succeeded');
  });

  it.each([
    ['the first page of its list', '/list'],
    ['the start page', '/'],
    ['an address without its parameters', '/list?p=3'],
  ])(
    'finds what is on the second page of a list whose canonical address is %s',
    async (_, canonical) => {
      const world = await crawled({
        [START]: [documentOf({ pages: ['/list'] })],
        'https://a.example/list': [documentOf({ pages: ['/item1', '/list?p=2'] })],
        'https://a.example/list?p=2': [documentOf({ canonical, pages: ['/item2', '/list?p=3'] })],
        'https://a.example/list?p=3': [documentOf({ canonical, pages: ['/item3'] })],
        ...Object.fromEntries(
          [1, 2, 3].map((n) => [`https://a.example/item${n}`, [documentOf({})]]),
        ),
      });
      for (const n of [1, 2, 3]) expect(endOf(world, `/item${n}`)).toBe('succeeded');
    },
  );

  it('keeps a picture that a link leads to, and passes over what has no links', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/photo', '/paper'] })],
      'https://a.example/photo': [image('1')],
      'https://a.example/paper': [page()],
    });
    expect(endOf(world, '/photo')).toBe('succeeded');
    expect(world.result('https://a.example/photo')?.format).toBe('png');
    expect(endOf(world, '/paper')).toBe('not-a-page');
  });

  it('keeps an image that came inside a page as a result of its own', async () => {
    const data = `data:image/png;base64,${Buffer.from('img inside').toString('base64')}`;
    const script = {
      [START]: [documentOf({ images: [data, 'data:image/png,none'], pages: ['/b'] })],
      'https://a.example/b': [documentOf({ images: [data] })],
    };
    const world = await crawled(script);
    expect(world.result(data)).toMatchObject({ status: 'succeeded', format: 'png', attempts: 0 });
    expect(endOf(world, 'data:image/png,none')).toBe('not-an-image');
    await expectExact(world, [START, 'https://a.example/b', data, 'data:image/png,none']);
  });

  it('reads the usual sitemap once, and does not call it a failure that there is none', async () => {
    const sitemap = 'https://a.example/sitemap.xml';
    const pages = { sitemaps: true };
    const none = { [START]: [documentOf({})], [sitemap]: [status(404)] };
    expect(endOf(await crawled(none, { pages }), sitemap)).toBe('no-sitemap');
    const one = {
      [START]: [documentOf({})],
      [sitemap]: [documentOf({ is: 'sitemap', pages: ['/hidden'] })],
      'https://a.example/hidden': [documentOf({})],
    };
    expect(endOf(await crawled(one, { pages }), '/hidden')).toBe('succeeded');
  });

  it.each([
    ['404', status(404)],
    ['403', status(403)],
    ['500', status(500)],
    ['a loop', status(302, { location: '/sitemap.xml' })],
    ['a redirect to nowhere', status(302)],
    ['what is no sitemap', page()],
  ])('does not call it a failure that the usual sitemap answers %s', async (_, answer) => {
    const sitemap = 'https://a.example/sitemap.xml';
    const script = { [START]: [documentOf({})], [sitemap]: [answer] };
    const world = await crawled(script, { pages: { sitemaps: true } });
    expect(endOf(world, sitemap)).toBe('no-sitemap');
    expect(world.site.asked(sitemap)).toBe(1);
  });

  it('stays on its site when the usual sitemap has moved to another', async () => {
    const world = await crawled(
      {
        [START]: [documentOf({})],
        'https://a.example/sitemap.xml': [status(302, { location: 'https://b.example/' })],
        'https://b.example/': [documentOf({ is: 'page', pages: ['/p', START] })],
      },
      { pages: { sitemaps: true } },
    );
    expect(endOf(world, 'https://b.example/p')).toBe('left out: out-of-scope');
  });

  const MAP = 'https://cdn.test/map.xml';
  const INDEX = 'https://cdn.test/index.xml';
  const ELSEWHERE = {
    [INDEX]: [documentOf({ is: 'sitemap', sitemaps: ['/map.xml', 'https://other.test/map.xml'] })],
    [MAP]: [documentOf({ is: 'sitemap', pages: ['https://a.example/p', 'https://cdn.test/p'] })],
    'https://a.example/p': [documentOf({ pages: ['https://cdn.test/q'] })],
    'https://cdn.test/p': [documentOf({ pages: ['https://cdn.test/q', 'https://far.test/'] })],
    'https://cdn.test/q': [documentOf({})],
  };

  it.each([
    ['the sitemap', [`Sitemap: ${MAP}`]],
    ['its index', [`Sitemap: ${INDEX}`]],
    ['it in a relative address', ['sitemap: //cdn.test/map.xml', 'sitemap: http://']],
  ])(
    'follows a sitemap on another host to pages of its own, where robots.txt names %s',
    async (_, lines) => {
      const world = await crawled(
        {
          ...ELSEWHERE,
          'https://a.example/robots.txt': [textOf(lines.join('\n'))],
          'https://cdn.test/robots.txt': [status(404)],
          [START]: [documentOf({})],
        },
        { pages: { sitemaps: true }, settings: { ignoreRobots: false } },
      );
      expect(endOf(world, MAP)).toBe('succeeded');
      expect(endOf(world, '/p')).toBe('succeeded');
      expect(endOf(world, 'https://cdn.test/p')).toBe('left out: out-of-scope');
      expect(endOf(world, '/sitemap.xml')).toBe('nothing');
    },
  );

  it('looks for the usual sitemap where robots.txt names none that is an address', async () => {
    const world = await crawled(
      {
        'https://a.example/robots.txt': [textOf('Sitemap: ftp://a.example/s\nSitemap: http://')],
        [START]: [documentOf({})],
        'https://a.example/sitemap.xml': [documentOf({ is: 'sitemap', pages: ['/p'] })],
        'https://a.example/p': [documentOf({})],
      },
      { pages: { sitemaps: true }, settings: { ignoreRobots: false } },
    );
    expect(endOf(world, '/p')).toBe('succeeded');
  });

  it.each([
    ['is one', { [START]: [documentOf({ ...ALL, is: 'sitemap' })] }],
    ['is an index', { [START]: [documentOf({ is: 'sitemap', sitemaps: [MAP] })] }],
    ['has moved', { [START]: [status(301, { location: MAP })] }],
  ])('takes the pages of a sitemap that is listed wherever they are: it %s', async (_, start) => {
    const world = await crawled({ ...ELSEWHERE, ...start });
    expect(endOf(world, 'https://a.example/p')).toBe('succeeded');
    expect(endOf(world, 'https://cdn.test/p')).toBe('succeeded');
    // Links of such a page are those of any page.
    expect(endOf(world, 'https://far.test/')).toBe('left out: out-of-scope');
  });

  it('does not take the entries of a feed for a list of pages', async () => {
    const world = await crawled({ [START]: [documentOf({ ...ALL, is: 'sitemap', isFeed: true })] });
    expect(endOf(world, 'https://cdn.test/p')).toBe('left out: out-of-scope');
  });

  it('asks for the sitemap of robots.txt, and for what it names, as they are written', async () => {
    const script = {
      'https://a.example/robots.txt': [textOf('Sitemap: /%6daps/?')],
      [START]: [documentOf({})],
      'https://a.example/%6daps/?': [documentOf({ is: 'sitemap', pages: ['hidden?'] })],
      'https://a.example/%6daps/hidden?': [documentOf({})],
    };
    const options = { pages: { sitemaps: true }, settings: { ignoreRobots: false } };
    const world = await crawled(script, options);
    expect(world.result('https://a.example/maps/')).toMatchObject({
      kind: 'sitemap',
      status: 'succeeded',
      foundAs: 'https://a.example/%6daps/?',
    });
    expect(endOf(world, '/maps/hidden')).toBe('succeeded');
  });

  it('takes no image of a page whose owner does not want that, but follows its links', async () => {
    const script = {
      'https://a.example/robots.txt': [status(404)],
      [START]: [documentOf({ optOut: 'noimageindex', images: ['/1.png'], pages: ['/b'] })],
      'https://a.example/b': [documentOf({})],
    };
    const world = await crawled(script, { settings: { ignoreRobots: false } });
    expect(endOf(world, '/')).toBe('opted-out');
    expect(endOf(world, '/b')).toBe('succeeded');
    expect(endOf(world, '/1.png')).toBe('nothing');
  });

  it.each([1, 7, 30])('never visits more than %i pages of a site without end', async (maxPages) => {
    const endless: Script = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [
        at === 0 ? START : `https://a.example/p${at}x`,
        [documentOf({ pages: [1, 2, 3].map((next) => `/p${(at * 3 + next) % 400}x`) })],
      ]),
    );
    const world = await crawled(endless, { pages: { maxPages } });
    expect(world.results).toHaveLength(maxPages);
    expect(world.leftOut.every(({ reason }) => reason === 'over-ceiling')).toBe(true);
    expect((await world.progress()).ended).toBe(true);
  });

  const days = (by: 'pages' | 'sequels'): Script =>
    Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [
        at === 0 ? START : `https://a.example/day?n=${at}`,
        [documentOf(at === 399 ? {} : { [by]: [`/day?n=${at + 1}`] })],
      ]),
    );

  it.each([200, 7, 399])('ends a calendar that has no last page after %i', async (maxChain) => {
    const world = await crawled(days('pages'), { pages: { depth: 1000, maxChain } });
    const last = maxChain < 399 ? maxChain + 1 : 399;
    expect(endOf(world, `/day?n=${last}`)).toBe('succeeded');
    const trap = { url: `https://a.example/day?n=${last + 1}`, reason: 'trap' } as const;
    expect(world.leftOut).toMatchObject(maxChain < 399 ? [trap] : []);
  });

  it('follows a comic from page to page as far as the depth allows', async () => {
    const whole = await crawled(days('sequels'), { pages: { depth: 1000, maxChain: 7 } });
    expect(endOf(whole, '/day?n=399')).toBe('succeeded');
    const cut = await crawled(days('sequels'), { pages: { depth: 300, maxChain: 7 } });
    expect(endOf(cut, '/day?n=301')).toBe('left out: too-deep');
  });

  it('takes an image with each of its parameters, and a page without those of visitors', async () => {
    const world = await crawled({
      [START]: [documentOf({ images: ['/1.png?utm_source=a'], pages: ['/p?utm_source=a'] })],
      'https://a.example/1.png?utm_source=a': [image('1')],
      'https://a.example/p?utm_source=a': [documentOf({})],
    });
    expect(endOf(world, '/1.png?utm_source=a')).toBe('succeeded');
    expect(endOf(world, '/p')).toBe('succeeded');
  });

  it('takes the images of a manifest', async () => {
    const world = await crawled({
      [START]: [documentOf({ manifests: ['https://cdn.test/app.json'] })],
      'https://cdn.test/app.json': [documentOf({ images: ['/icon.png'] })],
      'https://cdn.test/icon.png': [image('1')],
    });
    expect(world.result('https://cdn.test/app.json')?.kind).toBe('manifest');
    expect(endOf(world, 'https://cdn.test/icon.png')).toBe('succeeded');
  });

  it('asks for no more once the ceiling of bytes is reached', async () => {
    const images = Array.from({ length: 60 }, (_, at) => `/${at}.png`);
    const world = await crawled(
      {
        [START]: [documentOf({ images })],
        ...Object.fromEntries(images.map((path) => [new URL(path, START).href, [image(path)]])),
      },
      { settings: { maxTotalBytes: 1000, perHost: 1 }, latencyMs: 500 },
    );
    const reasons = world.results.map(({ reason }) => reason);
    expect(reasons).toContain('over-ceiling');
    expect(world.results).toHaveLength(61);
  });

  it('visits a page again that failed for a moment, and what it names then', async () => {
    const world = await crawled({
      [START]: [documentOf({ pages: ['/b'] })],
      'https://a.example/b': [failure('timeout'), documentOf({ images: ['/1.png'] })],
      'https://a.example/1.png': [image('1')],
    });
    expect(world.result('https://a.example/b')?.attempts).toBe(2);
    expect(endOf(world, '/1.png')).toBe('succeeded');
  });
});
