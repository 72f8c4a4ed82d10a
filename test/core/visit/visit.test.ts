import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeColumns } from '../../../core/model/given-columns.ts';
import type { FetchOutcome } from '../../../core/ports/fetcher.ts';
import type { OnImage } from '../../../core/ports/hooks.ts';
import { aHostRecord } from '../host-records.ts';
import { answer, body } from '../scripted-fetcher.ts';
import { SHAPE, TARGET, visitWorld } from '../visit-world.ts';

const IMAGE = body('img 1', { 'content-type': 'image/png' });
const SHA256 = createHash('sha256').update('img 1').digest('hex');

const STATUSES = [
  [201, 'unexpected-status'],
  [204, 'unexpected-status'],
  [206, 'unexpected-status'],
  [300, 'unexpected-status'],
  [304, 'unexpected-status'],
  [400, 'client-error'],
  [401, 'forbidden'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [405, 'client-error'],
  [407, 'forbidden'],
  [408, 'timeout'],
  [410, 'not-found'],
  [418, 'client-error'],
  [425, 'server-error'],
  [429, 'rate-limited'],
  [451, 'forbidden'],
  [500, 'server-error'],
  [502, 'server-error'],
  [503, 'unavailable'],
  [504, 'server-error'],
  [599, 'server-error'],
] as const;

describe('an image', () => {
  it('is stored and described', async () => {
    const world = visitWorld({ [TARGET]: IMAGE }, { latencyMs: 40 });
    expect(await world.go()).toEqual({
      kind: 'ended',
      status: 'succeeded',
      reason: null,
      durationMs: 40,
      pauseMs: undefined,
      facts: {
        httpStatus: 200,
        contentType: 'image/png',
        ...SHAPE,
        bytes: 5,
        sha256: SHA256,
        file: `images/${SHA256}`,
        extra: undefined,
      },
    });
    expect(world.stored).toEqual([SHA256]);
  });

  it.each([SHA256, createHash('md5').update('img 1').digest('hex')])(
    'is kept where its hash is the one of the list: %s',
    async (expectedHash) => {
      const world = visitWorld({ [TARGET]: IMAGE });
      expect(await world.go({ url: TARGET, expectedHash })).toMatchObject({ status: 'succeeded' });
    },
  );

  it.each([
    ['0'.repeat(64), `SHA-256 is ${SHA256}, the list gives ${'0'.repeat(64)}`],
    ['0'.repeat(32), 'MD5 is 436f315b79646c75399d5569e0826c04, the list gives'],
  ])('fails where it is another: %s', async (expectedHash, detail) => {
    const onImage = async () => {
      throw new Error('it was not meant to be seen');
    };
    const world = visitWorld({ [TARGET]: IMAGE }, { onImage });
    expect(await world.go({ url: TARGET, expectedHash })).toMatchObject({
      status: 'failed',
      reason: 'hash-mismatch',
      facts: { sha256: SHA256, detail: expect.stringContaining(detail) },
    });
    expect(world.stored).toEqual([]);
  });

  it('carries what the hook wants kept beside it', async () => {
    const onImage = async () => ({ kind: 'keep', extra: { label: 'cat' } }) as const;
    const end = await visitWorld({ [TARGET]: IMAGE }, { onImage }).go();
    expect(end).toMatchObject({ status: 'succeeded', facts: { extra: { label: 'cat' } } });
  });

  it('is shown to the hook with the columns of its row', async () => {
    const seen: unknown[] = [];
    const onImage: OnImage = async (_, { target }) => {
      seen.push(target);
      return { kind: 'keep' };
    };
    const world = visitWorld({ [TARGET]: IMAGE }, { onImage });
    const long = 'x'.repeat(20_000);
    const columnsJson = encodeColumns({ TEXT: 'a cat', n: 2n ** 60n, long });
    await world.go({ url: TARGET, alt: 'cat', columnsJson });
    const columns = { TEXT: 'a cat', n: 2n ** 60n };
    expect(seen).toEqual([{ url: TARGET, alt: 'cat', columns, tooLong: ['long'] }]);
  });

  it('keeps no number that JSON cannot write', async () => {
    const extra = { score: Number.NaN, size: Number.POSITIVE_INFINITY, sharp: 0.5 };
    const onImage = async () => ({ kind: 'keep', extra }) as const;
    const end = await visitWorld({ [TARGET]: IMAGE }, { onImage }).go();
    expect(end).toMatchObject({ facts: { extra: { sharp: 0.5 } } });
  });

  it('that the hook leaves out is skipped and not stored', async () => {
    const onImage = async () => ({ kind: 'skip', detail: 'too small' }) as const;
    const world = visitWorld({ [TARGET]: IMAGE }, { onImage });
    expect(await world.go()).toMatchObject({
      status: 'skipped',
      reason: 'filtered',
      facts: { detail: 'too small', sha256: SHA256, bytes: 5 },
    });
    expect(world.stored).toEqual([]);
  });

  it('whose hook throws is our fault, not a result', async () => {
    const onImage = async () => {
      throw new Error('ours');
    };
    await expect(visitWorld({ [TARGET]: IMAGE }, { onImage }).go()).rejects.toThrow('ours');
  });

  it('is known by its bytes, whatever the site says of them', async () => {
    const page = body('<html>', { 'content-type': 'image/png' });
    const world = visitWorld({ [TARGET]: page });
    expect(await world.go()).toMatchObject({
      status: 'failed',
      reason: 'not-an-image',
      facts: { httpStatus: 200, contentType: 'image/png', bytes: 6, detail: 'a page' },
    });
    expect(world.stored).toEqual([]);
  });

  it('that is broken is named with its format and its fault, and not stored', async () => {
    const world = visitWorld({ [TARGET]: body('cut!') });
    expect(await world.go()).toMatchObject({
      status: 'failed',
      reason: 'corrupt-image',
      facts: { httpStatus: 200, bytes: 4, format: 'png', detail: 'no end' },
    });
    expect(world.stored).toEqual([]);
  });

  it('is stored up to the limit of pixels, and not above', async () => {
    const within = visitWorld({ [TARGET]: IMAGE }, { settings: { maxPixels: 2 } });
    expect(await within.go()).toMatchObject({ status: 'succeeded' });
    const above = visitWorld({ [TARGET]: IMAGE }, { settings: { maxPixels: 1 } });
    expect(await above.go()).toMatchObject({
      status: 'failed',
      reason: 'too-many-pixels',
      facts: { ...SHAPE, bytes: 5, detail: '2 x 1 pixels, allowed are 1' },
    });
    expect(above.stored).toEqual([]);
  });

  it.each([
    [{ minWidth: 3 }, 'width 2 is below minWidth 3'],
    [{ minHeight: 2 }, 'height 1 is below minHeight 2'],
    [{ minBytes: 6 }, 'size of 5 bytes is below minBytes 6'],
  ])('is left out below %j, and the hook is not told', async (settings, detail) => {
    const onImage = async () => {
      throw new Error('told of an image that is left out');
    };
    const world = visitWorld({ [TARGET]: IMAGE }, { settings, onImage });
    expect(await world.go()).toMatchObject({
      status: 'skipped',
      reason: 'filtered',
      facts: { ...SHAPE, bytes: 5, detail },
    });
    expect(world.stored).toEqual([]);
  });

  it('is stored at the least size, and broken below it', async () => {
    const settings = { minWidth: 2, minHeight: 1, minBytes: 5 };
    const exact = visitWorld({ [TARGET]: IMAGE }, { settings });
    expect(await exact.go()).toMatchObject({ status: 'succeeded' });
    const broken = visitWorld({ [TARGET]: body('cut!') }, { settings });
    expect(await broken.go()).toMatchObject({ reason: 'corrupt-image' });
  });

  it('is told to the hook with all that is known of it', async () => {
    const seen: unknown[] = [];
    const onImage = async (image: unknown) => {
      seen.push(image);
      return { kind: 'keep' } as const;
    };
    await visitWorld({ [TARGET]: IMAGE }, { onImage }).go();
    expect(seen).toMatchObject([{ url: TARGET, sha256: SHA256, ...SHAPE }]);
  });
});

describe('an answer without an image', () => {
  it('with a price is skipped and tells the price', async () => {
    const world = visitWorld({ [TARGET]: answer(402, { 'crawler-price': 'USD 0.01' }) });
    expect(await world.go()).toMatchObject({
      status: 'skipped',
      reason: 'payment-required',
      facts: { httpStatus: 402, detail: 'crawler-price: USD 0.01' },
    });
  });

  it.each(STATUSES)('with status %i is %s', async (httpStatus, reason) => {
    const end = await visitWorld({ [TARGET]: answer(httpStatus) }).go();
    expect(end).toMatchObject({ status: 'failed', reason, facts: { httpStatus } });
  });

  it('tells how long the host wants to be left alone', async () => {
    const world = visitWorld({ [TARGET]: answer(503, { 'retry-after': '30' }) });
    expect(await world.go()).toMatchObject({ reason: 'unavailable', retryAfterMs: 30_000 });
  });

  it('reads a date in Retry-After by its own clock', async () => {
    const date = new Date(Date.UTC(2026, 0, 1, 0, 1)).toUTCString();
    const world = visitWorld({ [TARGET]: answer(429, { 'retry-after': date }) });
    expect(await world.go()).toMatchObject({ reason: 'rate-limited', retryAfterMs: 60_000 });
  });

  it.each([403, 420, 430])('with status %i and a time is a limit of pace', async (httpStatus) => {
    const world = visitWorld({ [TARGET]: answer(httpStatus, { 'retry-after': '30' }) });
    const end = { reason: 'rate-limited', retryAfterMs: 30_000, pauseMs: 30_000 };
    expect(await world.go()).toMatchObject(end);
  });

  it.each([
    ['no time', {}],
    ['a time that nobody can read', { 'retry-after': 'soon' }],
  ])('with status 403 and %s is a refusal', async (_, headers) => {
    const world = visitWorld({ [TARGET]: answer(403, headers) });
    expect(await world.go()).toMatchObject({ reason: 'forbidden', pauseMs: undefined });
  });

  it.each([429, 503])(
    'with status %i keeps the next request back before it begins',
    async (httpStatus) => {
      const world = visitWorld({ [TARGET]: answer(httpStatus, { 'retry-after': '30' }) });
      const untilMs = world.clock.now() + 30_000;
      expect(await world.go()).toMatchObject({ pauseMs: 30_000 });
      expect(await world.go()).toEqual({ kind: 'paused', untilMs });
    },
  );

  it.each([404, 500])('with status %i keeps nobody back', async (httpStatus) => {
    const world = visitWorld({ [TARGET]: answer(httpStatus, { 'retry-after': '30' }) });
    expect(await world.go()).toMatchObject({ pauseMs: undefined });
    expect(world.hosts.get('a.test').lane.record.pausedUntilMs).toBe(0);
  });

  it('keeps a long content type short', async () => {
    const world = visitWorld({ [TARGET]: answer(404, { 'content-type': 'x'.repeat(5000) }) });
    expect(await world.go()).toMatchObject({ facts: { contentType: 'x'.repeat(100) } });
  });

  it('that the network broke has the reason of the network', async () => {
    const broken: FetchOutcome = {
      kind: 'failed',
      reason: 'truncated',
      detail: 'cut',
      httpStatus: 200,
    };
    expect(await visitWorld({ [TARGET]: broken }).go()).toMatchObject({
      status: 'failed',
      reason: 'truncated',
      facts: { detail: 'cut', httpStatus: 200 },
    });
  });
});

describe('the turn of a visit', () => {
  it('asks with the settings of the run', async () => {
    const settings = { timeoutMs: 99, maxBytes: 77, perHost: 3, userAgent: 'me' };
    const world = visitWorld({ [TARGET]: IMAGE }, { settings });
    await world.go();
    expect(world.fetcher.requests).toMatchObject([{ url: TARGET, mayRepeat: true, ...settings }]);
  });

  it('may be taken twice over a broken connection only where no delay is asked', async () => {
    const world = visitWorld({ [TARGET]: IMAGE }, { settings: { delayMs: 1 } });
    await world.go();
    expect(world.fetcher.requests).toMatchObject([{ url: TARGET, mayRepeat: false }]);
  });

  it('is not taken when the run was cancelled', async () => {
    const world = visitWorld({}, { limits: { isCancelled: async () => true } });
    expect(await world.go()).toEqual({ kind: 'cancelled' });
    expect(world.fetcher.urls).toEqual([]);
  });

  it('is not taken when there is no time left', async () => {
    const world = visitWorld({}, { limits: { notAfterMs: 0 } });
    expect(await world.go()).toMatchObject({ kind: 'cut' });
  });

  it('is not taken while the host is paused', async () => {
    const world = visitWorld({});
    const untilMs = world.clock.now() + 5000;
    world.hosts.get('a.test').learn(
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
