import { constants } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { data, GREETING, goAway, OK, reset } from './http2-frames.ts';
import { type OnStream, OTHER, SecuredSites, SITE } from './secured-sites.ts';
import { PUBLIC_4, resolverOf, SmallInternet } from './small-internet.ts';

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } =
  constants;
const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at % 251));

/** As much as fits in a frame (RFC 9113, section 4.2). */
const PIECE = BYTES.subarray(0, 16_384);

let sites: SecuredSites;
beforeAll(async () => {
  sites = await SecuredSites.open();
});
afterAll(() => sites.close());

/** Answers all with these headers and this body. */
function say(headers: Readonly<Record<string, string | number>>, body: Buffer | string): OnStream {
  return (stream) => {
    stream.respond({ ':status': 200, ...headers });
    stream.end(body);
  };
}

describe('a server of HTTP/2', () => {
  it.each<readonly [string, OnStream]>([
    ['with its length', say({ 'content-length': BYTES.length }, BYTES)],
    ['without a length', say({}, BYTES)],
    ['compressed', say({ 'content-encoding': 'gzip' }, gzipSync(BYTES))],
    [
      'with trailers',
      (stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
        stream.end(BYTES);
      },
    ],
    [
      'after a hint',
      (stream) => {
        stream.additionalHeaders({ ':status': 103, link: '</x>; rel=preload' });
        stream.respond({ ':status': 200 });
        stream.end(BYTES);
      },
    ],
  ])('brings a picture byte for byte, %s', async (_, onStream) => {
    const site = await sites.http2(onStream);
    const outcome = await sites.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'body', httpStatus: 200 });
    expect(outcome.kind === 'body' && BYTES.equals(outcome.body)).toBe(true);
  });

  it('is asked over one connection, whatever is asked at once', async () => {
    const site = await sites.http2(say({}, 'picture'));
    const urls = Array.from({ length: 30 }, (_, at) => `${site.url}${at}`);
    const outcomes = await Promise.all(urls.map((url) => sites.fetch(url)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['body']));
    expect(site.connections()).toBe(1);
  });

  it('has its heads reported in the form of HTTP/1.1', async () => {
    const onStream = say({ 'x-a': '1', 'content-length': 7 }, 'picture');
    const outcome = await sites.fetch((await sites.http2(onStream)).url, { keepsHead: true });
    const head = outcome.kind === 'body' ? outcome.head : undefined;
    expect(head?.protocol).toBe('h2');
    expect(head?.request).toMatch(/^GET \/ HTTP\/1\.1\r\nhost: .+\r\nuser-agent: /);
    expect(head?.response).toMatch(/^HTTP\/1\.1 200\r\nx-a: 1\r\ncontent-length: 7/);
  });

  it.each([
    [404, {}],
    [429, { 'retry-after': '7' }],
    [301, { location: '/elsewhere' }],
    [204, {}],
  ])('answers %i without a picture', async (httpStatus, headers) => {
    const site = await sites.http2(say({ ':status': httpStatus, ...headers }, ''));
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'no-body', httpStatus, headers });
  });
});

describe('a body over HTTP/2', () => {
  it.each<readonly [string, OnStream]>([
    ['shorter than its length', say({ 'content-length': BYTES.length + 1 }, BYTES)],
    ['longer than its length', say({ 'content-length': 10 }, BYTES)],
    [
      'whose connection is lost',
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.write(BYTES, () => stream.session?.destroy());
      },
    ],
    [
      'cut inside its compression',
      say({ 'content-encoding': 'gzip' }, gzipSync(BYTES).subarray(0, -9)),
    ],
  ])('%s is not kept', async (_, onStream) => {
    const outcome = await sites.fetch((await sites.http2(onStream)).url);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'truncated', httpStatus: 200 });
  });

  it.each([
    ['reset by a fault', reset(NGHTTP2_INTERNAL_ERROR)],
    ['reset without a fault that it names', reset(NGHTTP2_CANCEL)],
    ['given up with its connection', goAway(NGHTTP2_INTERNAL_ERROR)],
  ])('%s is not kept, though no length was promised', async (_, ending) => {
    const site = await sites.frames(GREETING, Buffer.concat([OK, data(PIECE, false), ending]));
    const outcome = await sites.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'truncated', httpStatus: 200 });
  });

  it('is whole with its last frame', async () => {
    const site = await sites.frames(GREETING, Buffer.concat([OK, data(PIECE, true)]));
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'body', httpStatus: 200 });
  });

  it('that never ends is too large', async () => {
    const site = await sites.http2((stream) => {
      const write = () => {
        while (!stream.destroyed && stream.write(BYTES));
      };
      stream.respond({ ':status': 200 });
      stream.on('drain', write);
      write();
    });
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'failed', reason: 'too-large' });
  });

  it('that stops in the middle ends in time', async () => {
    const site = await sites.http2((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('x');
    });
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });
});

describe('no answer over HTTP/2', () => {
  it.each<readonly [string, OnStream]>([
    ['a stream that is refused', (stream) => stream.close(NGHTTP2_REFUSED_STREAM)],
    ['a stream that is reset', (stream) => stream.close(NGHTTP2_INTERNAL_ERROR)],
    ['a connection that ends', (stream) => stream.session?.destroy()],
  ])('from %s is a lost connection', async (_, onStream) => {
    const outcome = await sites.fetch((await sites.http2(onStream)).url);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
  });

  it('from a server that keeps silent is one in time', async () => {
    const outcome = await sites.fetch((await sites.http2(() => {})).url);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  it('from one whose headers never end is bounded', async () => {
    const huge = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`x-${at}`, 'y'.repeat(4000)]),
    );
    const outcome = await sites.fetch((await sites.http2(say(huge, 'picture'))).url);
    expect(outcome).toMatchObject({ kind: 'failed' });
  });
});

describe('a connection of HTTP/2 that its server ends before it looks at the request', () => {
  const ended = goAway(NGHTTP2_NO_ERROR, 0);

  it('is followed by another one', async () => {
    const answer = Buffer.concat([OK, data(PIECE, true)]);
    const site = await sites.frames(GREETING, ended, answer);
    expect(await sites.fetch(site.url)).toMatchObject({ kind: 'body' });
    expect(site.connections()).toBe(2);
  });

  it('is followed by three more, and no others', async () => {
    const site = await sites.frames(GREETING, ended);
    expect(await sites.fetch(site.url)).toMatchObject({ reason: 'connection-lost' });
    expect(site.connections()).toBe(4);
  });
});

describe('a certificate of two names at one address', () => {
  it('leads to a connection for each', async () => {
    const site = await sites.http2(say({}, 'picture'));
    await sites.fetch(site.url);
    await sites.fetch(`https://${OTHER}:${site.port}/`);
    expect(site.connections()).toBe(2);
  });

  it('opens no way to the name that the guard refuses', async () => {
    const site = await sites.http2(say({}, 'picture'));
    const internet = new SmallInternet(resolverOf({ [SITE]: [PUBLIC_4], [OTHER]: ['127.0.0.1'] }));
    internet.host(PUBLIC_4, site.port);
    const fetcher = new UndiciFetcher(
      { allowPrivate: false },
      {
        resolve: internet.resolve,
        build: (options) => internet.build({ ...options, ca: sites.ca }),
      },
    );
    const request = { timeoutMs: 5000, maxBytes: 100, perHost: 6, userAgent: 'test/1' };
    expect(await fetcher.fetch({ url: site.url, ...request })).toMatchObject({ kind: 'body' });
    const other = await fetcher.fetch({ url: `https://${OTHER}:${site.port}/`, ...request });
    await fetcher.close();
    expect(other).toMatchObject({ kind: 'failed', reason: 'address-blocked' });
    expect(site.connections()).toBe(1);
  });
});
