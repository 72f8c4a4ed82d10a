import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SettledResult } from '../../core/result.ts';
import { aTask, RUN_ID, urlsOf } from '../worker/records.ts';
import { LEDGERS, type LedgerMaker, type LedgerSubject } from './ledgers.ts';

const [URL = '', ...OTHERS] = urlsOf('a.example', 60);

function aResult(change: Partial<SettledResult> = {}): SettledResult {
  const about = {
    runId: RUN_ID,
    taskId: 'w0-g1-0',
    round: 0,
    url: URL,
    attempts: 1,
    durationMs: 12,
  };
  const fetchedAt = '2026-01-01T00:00:00.000Z';
  return { ...about, fetchedAt, status: 'succeeded', reason: null, ...change };
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

describe.each(Object.entries(LEDGERS))('the results of a ledger in %s', (_, make) => {
  let maker: LedgerMaker;
  let subject: LedgerSubject;

  beforeAll(async () => {
    maker = await make();
  });
  afterAll(() => maker.close());
  beforeEach(async () => {
    subject = await maker.open();
  });

  const settle = (...results: readonly SettledResult[]) => subject.ledger.results.settle(results);
  const recalled = async (url: string) =>
    (await subject.ledger.tasks.recall(aTask('w0-g1-0', [url]))).settled.get(url);

  it('keep all that is known of a target', async () => {
    await settle(FULL);
    const { runId: _run, taskId: _task, round: _round, ...result } = FULL;
    expect(await subject.keptResult(RUN_ID, URL)).toMatchObject(result);
  });

  it('keep a result of which little is known', async () => {
    const little = aResult({
      status: 'failed',
      reason: 'dns-failed',
      detail: '',
      contentType: undefined,
    });
    await settle(little);
    expect(await subject.keptResult(RUN_ID, URL)).toMatchObject({
      reason: 'dns-failed',
      detail: '',
    });
    expect(await recalled(URL)).toMatchObject({ status: 'failed', reason: 'dns-failed', bytes: 0 });
  });

  it('are seen by the next delivery at once', async () => {
    await settle(FULL);
    expect(await recalled(URL)).toMatchObject({
      status: 'succeeded',
      reason: null,
      bytes: 10,
      taskId: 'w0-g1-0',
      round: 0,
    });
  });

  it('replace an earlier result of the same URL', async () => {
    await settle(aResult({ status: 'failed', reason: 'timeout', detail: 'slow' }));
    await settle(aResult({ round: 1, taskId: 'w1-g1-0' }));
    expect(await recalled(URL)).toMatchObject({ status: 'succeeded', round: 1, taskId: 'w1-g1-0' });
    expect((await subject.keptResult(RUN_ID, URL))?.detail).toBeUndefined();
  });

  it('are written twice without harm', async () => {
    await settle(FULL);
    await settle(FULL);
    expect(await recalled(URL)).toMatchObject({ bytes: 10 });
  });

  it('are apart for each run', async () => {
    await settle(aResult({ runId: 'another' }));
    expect(await recalled(URL)).toBeUndefined();
  });

  it('take 25 at once, of the longest URLs', async () => {
    const urls = OTHERS.slice(0, 25).map((url) => `${url}?${'x'.repeat(8000)}`);
    await settle(...urls.map((url) => aResult({ url })));
    const { settled } = await subject.ledger.tasks.recall(aTask('t', urls));
    expect(settled.size).toBe(25);
  });

  it('take none', async () => {
    await expect(settle()).resolves.toBeUndefined();
  });

  it('refuse 26 at once, and then keep none of them', async () => {
    const urls = OTHERS.slice(0, 26);
    await expect(settle(...urls.map((url) => aResult({ url })))).rejects.toThrow();
    expect((await subject.ledger.tasks.recall(aTask('t', urls))).settled.size).toBe(0);
  });

  it('refuse a URL twice in one batch', async () => {
    await expect(settle(aResult(), aResult({ round: 1 }))).rejects.toThrow();
    expect(await recalled(URL)).toBeUndefined();
  });
});
