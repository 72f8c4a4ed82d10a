import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { parseSettledBatch, type SettledBatch } from '../../../contract/settled-batch.ts';
import { listenToSettled } from '../../../local/functions/settled-feed.ts';
import { waitUntil } from '../../end-to-end/wait-until.ts';

/** A thread that settles what it is sent, as a function's telemetry tells it. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  const { channel } = require('node:diagnostics_channel');
  const settled = channel('image-crawler:settled');
  import(process.argv[2]).then(({ feedSettled }) => {
    feedSettled();
    parentPort.on('message', (result) => {
      if (settled.hasSubscribers) settled.publish(result);
      parentPort.postMessage(settled.hasSubscribers);
    });
    parentPort.postMessage('ready');
  });
`;

/** A thread, and whether somebody listened when it settled something. */
async function aThread() {
  const module = new URL('../../../local/functions/settled-feed.ts', import.meta.url).href;
  const thread = new Worker(THREAD, { eval: true, argv: [module], execArgv: [] });
  onTestFinished(async () => void (await thread.terminate()));
  await once(thread, 'message');
  return async (result: object): Promise<boolean> => {
    thread.postMessage(result);
    const [isHeard] = await once(thread, 'message');
    return isHeard;
  };
}

const SINCE = '2026-11-28T10:00:00.000Z';
const ORDER = { runId: 'run-1', since: SINCE };

function aResult(url: string, fields: object = {}) {
  const settled = { runId: 'run-1', url, status: 'succeeded', reason: null, fetchedAt: SINCE };
  return { ...settled, attempts: 1, durationMs: 5, file: 'a.png', contentType: 'x', ...fields };
}

test('threads tell what they settle while somebody listens, and nothing before and after', async () => {
  const settle = [await aThread(), await aThread()];
  const [before, after] = [aResult('http://before.test/'), aResult('http://after.test/')];
  expect(await Promise.all(settle.map((one) => one(before)))).toEqual([false, false]);

  const told: SettledBatch[] = [];
  const listening = listenToSettled(ORDER, (json) => told.push(parseSettledBatch(json)));
  for (const [at, one] of settle.entries())
    await waitUntil('a thread that has heard', () => one(aResult(`http://host${at}.test/a`)));
  const hosts = () => told.flatMap(({ sums }) => sums.map(({ host }) => host)).toSorted();
  await waitUntil('both results', () => hosts().length >= 2);
  expect(hosts()).toEqual(['host0.test', 'host1.test']);

  listening[Symbol.dispose]();
  await waitUntil('threads that have stopped', async () => !(await settle[0]?.(after)));
  expect(hosts()).not.toContain('after.test');
});

test('sums are of all results that are listened for, pictures are the newest', async () => {
  const settle = await aThread();
  const told: SettledBatch[] = [];
  using _ = listenToSettled(ORDER, (json) => told.push(parseSettledBatch(json)));
  const url = (n: number) => `http://host.test/${n}.png`;
  await waitUntil('a thread that has heard', () => settle(aResult(url(0))));
  const left = [
    { runId: 'run-2' },
    { fetchedAt: '2026-11-28T09:59:59.999Z' },
    { fetchedAt: undefined },
  ];
  for (const fields of left) await settle(aResult('http://other.test/', fields));
  await settle(aResult(url(1), { status: 'failed', reason: 'timeout', file: undefined }));
  for (let n = 2; n < 100; n += 1) await settle(aResult(url(n)));
  const sums = () => told.flatMap((batch) => batch.sums);
  const total = () => sums().reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0);
  await waitUntil('all results', () => total() === 100);

  expect(new Set(sums().map(({ host }) => host))).toEqual(new Set(['host.test']));
  expect(sums().reduce((sum, { failed }) => sum + failed, 0)).toBe(1);
  for (const { pictures } of told) expect(pictures.length).toBeLessThanOrEqual(15);
  expect(told.at(-1)?.pictures.at(-1)).toMatchObject({ url: url(99), file: 'a.png' });
  expect(told.at(-1)?.pictures.at(-1)).not.toHaveProperty('contentType');
});

test('this thread has no part in it', () => {
  const listening = listenToSettled(ORDER, () => {});
  expect(channel('image-crawler:settled').hasSubscribers).toBe(false);
  listening[Symbol.dispose]();
});
