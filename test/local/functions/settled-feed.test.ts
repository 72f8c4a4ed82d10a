import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
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

test('threads tell what they settle while somebody listens, and nothing before and after', async () => {
  const settle = [await aThread(), await aThread()];
  expect(await Promise.all(settle.map((one) => one({ n: 0 })))).toEqual([false, false]);

  const told: unknown[] = [];
  const listening = listenToSettled((results) => told.push(...results));
  for (const [at, one] of settle.entries())
    await waitUntil('a thread that has heard', () => one({ n: at + 1 }));
  await waitUntil('both results', () => told.length >= 2);
  expect(told.toSorted()).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]));

  listening[Symbol.dispose]();
  await waitUntil('threads that have stopped', async () => !(await settle[0]?.({ n: 3 })));
  expect(told).not.toContainEqual({ n: 3 });
});

test('this thread has no part in it', () => {
  const listening = listenToSettled(() => {});
  expect(channel('image-crawler:settled').hasSubscribers).toBe(false);
  listening[Symbol.dispose]();
});
