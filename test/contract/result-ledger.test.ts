import { describe, expect, it } from 'vitest';
import { groupOfUrl } from '../../core/model/host-group.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { urlDigest } from '../../core/model/url-digest.ts';
import type { GroupIndex, ResultPack } from '../../core/ports/ledger.ts';
import { enter, knownOf, packsOf, settleAll } from '../worker/packs.ts';
import { GROUPING, RUN_ID, settledResult, urlsOf } from '../worker/records.ts';
import { LEDGERS } from './ledgers.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const URLS = urlsOf('a.example', 98);
const [URL = '', OTHER = '', THIRD = ''] = URLS;
const GROUP = groupOfUrl(URL, GROUPING);

function aResult(change: Partial<SettledResult> = {}): SettledResult {
  const fetchedAt = '2026-01-01T00:00:00.000Z';
  return settledResult(URL, { durationMs: 12, fetchedAt, ...change });
}

const FULL = aResult({
  finalUrl: 'https://b.example/x',
  httpStatus: 200,
  contentType: 'image/png',
  format: 'png',
  width: 2,
  height: 1,
  bytes: 10,
  sha256: 'ab'.repeat(32),
  file: 's3://bucket/images/ab.png',
  detail: 'line\none ☃',
  extra: { colour: 'red', share: 0.5, old: false, empty: '' },
});
const TIMEOUT = aResult({ status: 'failed', reason: 'timeout' });

describe.each(Object.entries(LEDGERS))('the results of a ledger in %s', (_, make) => {
  const subject = oneForEachTest(make);

  const ledger = () => subject().ledger.results;
  const settle = (...results: readonly SettledResult[]) => settleAll(ledger(), results);
  const known = (url = URL) => knownOf(ledger(), RUN_ID, url);
  const kept = async (url = URL) =>
    (await subject().keptResults(RUN_ID)).filter((result) => result.url === url);
  const aPack = (hold: number, part: number, ...results: readonly SettledResult[]): ResultPack => {
    return { runId: RUN_ID, group: GROUP, hold, part, results };
  };
  const anIndex = (hold: number, part: number, ...urls: readonly string[]): GroupIndex => {
    const sections = [{ round: 0, passing: false, digests: urls.map(urlDigest) }];
    return { runId: RUN_ID, group: GROUP, upTo: { hold, part }, sections };
  };

  it('keep all that is known of a target', async () => {
    await settle(FULL);
    const { runId: _run, taskId: _task, round: _round, ...result } = FULL;
    expect(await kept()).toEqual([expect.objectContaining(result)]);
  });

  it('keep a result of which little is known', async () => {
    const little = { status: 'failed', reason: 'dns-failed', detail: '' } as const;
    await settle(aResult({ ...little, contentType: undefined }));
    expect(await kept()).toEqual([expect.objectContaining(little)]);
    expect((await known())?.settled).toMatchObject({
      status: 'failed',
      reason: 'dns-failed',
      bytes: 0,
    });
  });

  it('are seen by whoever enters their group', async () => {
    await settle(FULL, aResult({ url: OTHER, status: 'failed', reason: 'timeout' }));
    expect(await known()).toEqual({
      round: 0,
      passing: false,
      settled: expect.objectContaining({
        status: 'succeeded',
        reason: null,
        bytes: 10,
        format: 'png',
        taskId: 'w0-g1-0',
      }),
    });
    expect(await known(OTHER)).toMatchObject({ round: 0, passing: true });
    expect(await known(THIRD)).toBeUndefined();
  });

  it('of a later round replace earlier ones of the same URL', async () => {
    await settle({ ...TIMEOUT, detail: 'slow' });
    await settle(aResult({ round: 1, taskId: 'w1-g1-0' }));
    expect(await known()).toMatchObject({ round: 1, settled: { taskId: 'w1-g1-0' } });
    const results = await kept();
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ status: 'succeeded' });
    expect(results[0]?.detail).toBeUndefined();
  });

  it('of one round count once, the last in the log, however often they were written', async () => {
    const pack = aPack(2, 0, TIMEOUT);
    await ledger().settle([aPack(2, 1, FULL), pack]);
    await ledger().settle([pack, aPack(1, 7, { ...TIMEOUT, reason: 'truncated' })]);
    await enter(ledger(), RUN_ID, URL);
    expect((await known())?.settled).toMatchObject({ status: 'succeeded' });
    expect(await kept()).toEqual([expect.objectContaining({ sha256: FULL.sha256 })]);
  });

  it('are apart for each run and each group', async () => {
    await settle(aResult({ runId: 'another' }));
    expect(await known()).toBeUndefined();
    await settle(aResult({ url: 'https://b.example/1.png' }));
    expect(await known()).toBeUndefined();
    expect(await subject().keptResults(RUN_ID)).toHaveLength(1);
  });

  it('number the holds of a group, each group for itself', async () => {
    const holds = [];
    for (const group of ['g1', 'g1', 'g2', 'g1'])
      holds.push((await ledger().enter(RUN_ID, group)).hold);
    expect(holds).toEqual([1, 2, 1, 3]);
    const atOnce = await Promise.all([1, 2, 3, 4].map(() => ledger().enter(RUN_ID, 'g3')));
    expect(atOnce.map(({ hold }) => hold).toSorted()).toEqual([1, 2, 3, 4]);
  });

  it('take 98 in a pack, of the longest URLs and little alike', async () => {
    const noise = (at: number) =>
      Array.from({ length: 350 }, (__, n) =>
        (((at + 7) * (n + 11) * 2_654_435_761) >>> 0).toString(36),
      );
    const results = URLS.map((url, at) => {
      return aResult({
        url: `${url}?${noise(at).join('').slice(0, 8000)}`,
        detail: noise(at + 500).join(''),
      });
    });
    await settle(...results);
    const hold = await enter(ledger(), RUN_ID, URL);
    for (const { url } of results) expect(hold.find(url)).toBeDefined();
    expect(await subject().keptResults(RUN_ID)).toHaveLength(98);
  });

  it('take 25 packs at once', async () => {
    const urls = Array.from({ length: 25 }, (__, at) => `https://host-${at}.example/1.png`);
    await settle(...urls.map((url) => aResult({ url })));
    for (const url of urls) expect(await known(url)).toBeDefined();
  });

  it('take none', async () => {
    await expect(ledger().settle([])).resolves.toBeUndefined();
  });

  it('refuse a place twice in one write, and then keep none of it', async () => {
    await enter(ledger(), RUN_ID, URL);
    await expect(ledger().settle([aPack(1, 0, FULL), aPack(1, 0, TIMEOUT)])).rejects.toThrow();
    expect(await known()).toBeUndefined();
  });

  it('that were kept from outside of a hold are seen, and told', async () => {
    await settle(aResult({ url: OTHER }));
    await ledger().settleAlone(GROUP, aResult({ status: 'failed', reason: 'dead-lettered' }));
    expect((await known())?.settled).toMatchObject({ reason: 'dead-lettered' });
    expect(await kept()).toEqual([expect.objectContaining({ reason: 'dead-lettered' })]);
    expect(await subject().keptResults(RUN_ID)).toHaveLength(2);
  });

  it('that were kept from outside of a hold are replaced in a later round', async () => {
    const dead = aResult({ status: 'failed', reason: 'crawler-fault' });
    await ledger().settleAlone(GROUP, dead);
    await settle(aResult({ round: 1 }));
    expect(await known()).toMatchObject({ round: 1, settled: { status: 'succeeded' } });
    expect(await kept()).toEqual([expect.objectContaining({ status: 'succeeded' })]);
  });

  it('behind the end of the index are read whole, those before it are only known', async () => {
    await enter(ledger(), RUN_ID, URL);
    await ledger().settle([
      aPack(1, 0, FULL),
      aPack(1, 1, aResult({ url: OTHER })),
      aPack(2, 0, aResult({ url: THIRD })),
    ]);
    await ledger().addIndex(anIndex(1, 1, URL, OTHER));
    expect(await known()).toEqual({ round: 0, passing: false });
    expect(await known(OTHER)).toEqual({ round: 0, passing: false });
    expect((await known(THIRD))?.settled).toMatchObject({ status: 'succeeded' });
    expect(await subject().keptResults(RUN_ID)).toHaveLength(3);
  });

  it('are in an index of several parts, whose end never goes back', async () => {
    await enter(ledger(), RUN_ID, URL);
    await ledger().settle([aPack(1, 0, FULL), aPack(1, 1, aResult({ url: OTHER }))]);
    await ledger().addIndex(anIndex(1, 1, URL, OTHER));
    await ledger().addIndex(anIndex(1, 0, URL));
    const { packs, index } = await ledger().enter(RUN_ID, GROUP);
    expect(packs).toEqual([]);
    const digests = index.flatMap((section) => section.digests);
    expect(new Set(digests)).toEqual(new Set([URL, OTHER].map(urlDigest)));
  });

  it('are indexed with their round, and whether they may be asked again', async () => {
    const section = (round: number, passing: boolean, url: string) => {
      return { round, passing, digests: [urlDigest(url)] };
    };
    const sections = [
      section(0, true, URL),
      section(3, false, OTHER),
      {
        round: 65_535,
        passing: true,
        digests: Array.from({ length: 25_000 }, (__, at) => urlDigest(`${at}`)),
      },
    ];
    await enter(ledger(), RUN_ID, URL);
    await ledger().addIndex({ ...anIndex(1, 0), sections });
    expect((await ledger().enter(RUN_ID, GROUP)).index).toEqual(sections);
  });

  it('that arrive behind the end of an index, but late, are told all the same', async () => {
    await enter(ledger(), RUN_ID, URL);
    await ledger().settle([aPack(2, 0, FULL)]);
    await ledger().addIndex(anIndex(2, 0, URL));
    await ledger().settle([aPack(1, 0, TIMEOUT, aResult({ url: OTHER }))]);
    expect(await known()).toEqual({ round: 0, passing: false });
    expect(await kept()).toEqual([expect.objectContaining({ status: 'succeeded' })]);
    expect(await kept(OTHER)).toHaveLength(1);
  });

  it('of a pack that is written again are there once', async () => {
    const packs = await packsOf(ledger(), [FULL]);
    await ledger().settle(packs);
    await ledger().settle(packs);
    expect(await kept()).toHaveLength(1);
    expect((await ledger().enter(RUN_ID, GROUP)).packs).toHaveLength(1);
  });
});
