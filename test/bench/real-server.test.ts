import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListedUrl, realList, type UrlKind } from '../../bench/real-list.ts';
import { secondsUntil } from '../../bench/real-measure.ts';
import { type RealServer, startRealServer } from '../../bench/start-real-server.ts';

const URLS = 400;

/** Other systems answer on 127.0.0.1 only. */
describe.runIf(process.platform === 'linux')('the server of the real list', () => {
  let server: RealServer;
  let list: readonly ListedUrl[];

  beforeAll(async () => {
    server = await startRealServer({ urls: URLS, hosts: 100, seed: 1, tls: false });
    list = realList(server.origins, URLS, 1);
  });
  afterAll(() => server.stop());

  function urlOf(kind: UrlKind): string {
    return list.find((listed) => listed.kind === kind)?.url ?? '';
  }

  it('sends pictures, moved pictures, and what is not there', async () => {
    await server.reset();
    expect(await statusOf(urlOf('picture'))).toBe(200);
    expect(await statusOf(urlOf('redirect'))).toBe(200);
    expect(await statusOf(urlOf('not-found'))).toBe(404);
    const stats = await server.stats();
    expect(stats.requests).toMatchObject({ picture: 2, redirect: 1, notFound: 1 });
    expect(stats.sentMs).toHaveLength(2);
    expect(stats.maxInFlight).toBe(1);
  });

  it('is unavailable once, and again after a reset', async () => {
    await server.reset();
    const url = urlOf('unavailable-once');
    expect([await statusOf(url), await statusOf(url)]).toEqual([503, 200]);
    await server.reset();
    expect(await statusOf(url)).toBe(503);
    expect((await server.stats()).sentMs).toEqual([]);
  });

  it('takes as long as a distant host', async () => {
    await server.reset();
    await statusOf(urlOf('picture'));
    const stats = await server.stats();
    expect(secondsUntil(stats, 1)).toBeGreaterThanOrEqual(0.08);
    expect(secondsUntil(stats, 2)).toBeUndefined();
    expect(stats.inFlightMs).toBeGreaterThanOrEqual(80);
    // The reset closed the one that was open.
    expect(stats.connections).toBe(1);
  });

  it('has robots.txt on every other live host', async () => {
    const origins = [...new Set(list.filter(({ kind }) => kind === 'picture').map(originOf))];
    const statuses = await Promise.all(origins.map((origin) => statusOf(`${origin}/robots.txt`)));
    const found = statuses.filter((status) => status === 200).length;
    expect(found / statuses.length).toBeGreaterThan(0.4);
    expect(found / statuses.length).toBeLessThan(0.6);
    expect(statuses.every((status) => status === 200 || status === 404)).toBe(true);
  });

  it.each<UrlKind>(['silent', 'unreachable'])('a %s host says nothing', async (kind) => {
    const signal = AbortSignal.timeout(400);
    await expect(fetch(urlOf(kind), { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('counts the connections that a silent host accepts', async () => {
    const before = (await server.stats()).silentConnections;
    const silent = new URL(urlOf('silent'));
    await fetch(silent, { signal: AbortSignal.timeout(400) }).catch(() => {});
    expect((await server.stats()).silentConnections).toBeGreaterThan(before);
  });
});

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

function originOf({ url }: ListedUrl): string {
  return new URL(url).origin;
}
