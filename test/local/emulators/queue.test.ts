import { beforeEach, describe, expect, it } from 'vitest';
import { Queue } from '../../../local/emulators/sqs/queue.ts';
import type { QueueOptions } from '../../../local/emulators/sqs/queue-options.ts';

const MINUTE = 60_000;
let nowMs: number;
beforeEach(() => {
  nowMs = 1_000_000;
});

function queueOf(options: Partial<QueueOptions> = {}): Queue {
  return new Queue({
    name: 'queue',
    arn: 'arn',
    attributes: {},
    isFifo: true,
    idsOfGroups: true,
    visibilityS: 30,
    now: () => nowMs,
    ...options,
  });
}

const send = (queue: Queue, body: string, groupId = 'g', deduplicationId = body) =>
  queue.send({ body, groupId, deduplicationId });

async function receive(queue: Queue, max = 10, visibilityS = 30) {
  return queue.receive(max, visibilityS, 0, () => {});
}
const bodiesOf = async (queue: Queue) => (await receive(queue)).map(({ body }) => body);

describe('an id of a message', () => {
  it('is known for five minutes, and not longer', () => {
    const queue = queueOf();
    const first = send(queue, 'a');
    nowMs += 5 * MINUTE - 1;
    expect(send(queue, 'a')).toEqual(first);
    nowMs += 1;
    expect(send(queue, 'a')).not.toEqual(first);
    expect(queue.counts().waiting).toBe(2);
  });

  it('is known however many came after it', () => {
    const queue = queueOf();
    const first = send(queue, 'a');
    for (let at = 0; at < 20_000; at += 1) send(queue, `other-${at}`);
    expect(send(queue, 'a')).toEqual(first);
    expect(queue.counts().waiting).toBe(20_001);
  });

  it.each([
    ['its group', true, 2],
    ['its queue', false, 1],
  ])('belongs to %s', (_, idsOfGroups, waiting) => {
    const queue = queueOf({ idsOfGroups });
    send(queue, 'a', 'g1', 'id');
    send(queue, 'b', 'g2', 'id');
    expect(queue.counts().waiting).toBe(waiting);
  });
});

describe('a receipt', () => {
  it('of an older delivery is refused by a FIFO queue', async () => {
    const queue = queueOf();
    send(queue, 'a');
    const [{ receipt: older } = { receipt: '' }] = await receive(queue, 1, 1);
    nowMs += 1000;
    // Nobody has received it again, and yet it is too late.
    expect(() => queue.delete(older)).toThrow('The receipt handle has expired');
    const [{ receipt: newer } = { receipt: '' }] = await receive(queue);
    expect(newer).not.toBe(older);
    expect(() => queue.delete(older)).toThrow('The receipt handle has expired');
    expect(() => queue.changeVisibility(older, 5)).toThrow('The receipt handle has expired');
    queue.delete(newer);
    expect(queue.counts()).toEqual({ delayed: 0, waiting: 0, out: 0 });
  });

  it('of an older delivery keeps the message of a standard queue, the newest one never does', async () => {
    const queue = queueOf({ isFifo: false });
    queue.send({ body: 'a' });
    const [{ receipt: older } = { receipt: '' }] = await receive(queue, 1, 1);
    nowMs += 1000;
    const [{ receipt: newer } = { receipt: '' }] = await receive(queue, 1, 1);
    queue.delete(older);
    expect(queue.counts().out).toBe(1);
    nowMs += 1000;
    queue.delete(newer);
    expect(queue.counts()).toEqual({ delayed: 0, waiting: 0, out: 0 });
    expect(await bodiesOf(queue)).toEqual([]);
  });

  it('that is invalid is refused', () => {
    expect(() => queueOf().delete('x')).toThrow('is not a valid receipt handle');
  });
});

it('a message of a standard queue is seen when its delay is over', async () => {
  const queue = queueOf({ isFifo: false });
  queue.send({ body: 'late', delayS: 900 });
  queue.send({ body: 'now' });
  expect(queue.counts()).toEqual({ delayed: 1, waiting: 1, out: 0 });
  expect(await bodiesOf(queue)).toEqual(['now']);
  nowMs += 900_000;
  expect(await bodiesOf(queue)).toEqual(['now', 'late']);
});

it('a visibility time that was extended holds, and one that was shortened ends sooner', async () => {
  const queue = queueOf({ isFifo: false });
  queue.send({ body: 'a' });
  queue.send({ body: 'b' });
  const [a, b] = await receive(queue, 10, 60);
  queue.changeVisibility(a?.receipt ?? '', 600);
  queue.changeVisibility(b?.receipt ?? '', 10);
  nowMs += 10_000;
  expect(await bodiesOf(queue)).toEqual(['b']);
  nowMs += 589_000;
  expect(await bodiesOf(queue)).toEqual(['b']);
  nowMs += 1000;
  expect(await bodiesOf(queue)).toEqual(['a']);
});

it('what was delivered too often goes to the dead-letter queue, and the next of its group comes', async () => {
  const dead = queueOf();
  const queue = queueOf({ redrive: { maxReceiveCount: 2, to: () => dead } });
  send(queue, 'a');
  send(queue, 'b');
  for (const expected of [['a', 'b'], ['a', 'b'], []]) {
    expect(await bodiesOf(queue)).toEqual(expected);
    nowMs += 30_000;
  }
  expect(queue.counts()).toEqual({ delayed: 0, waiting: 0, out: 0 });
  const [first] = await receive(dead);
  expect(first).toMatchObject({ body: 'a', receiveCount: 3, group: { id: 'g' } });
});

describe('a receive that waits', () => {
  it('is given all that one request has shown again, of several groups', async () => {
    const queue = queueOf();
    for (const group of ['g1', 'g2', 'g3']) send(queue, group, group);
    const out = await receive(queue);
    const requestMs = nowMs;
    for (const { receipt } of out) {
      // The clock goes on while a request is carried out.
      nowMs += 1;
      queue.changeVisibility(receipt, 1, requestMs);
    }
    nowMs = requestMs + 1000;
    const received = await queue.receive(10, 30, 20_000, () => {});
    expect(received.map(({ body }) => body)).toEqual(['g1', 'g2', 'g3']);
  });

  it('is given all that one request sends', async () => {
    const queue = queueOf();
    const received = queue.receive(10, 30, 20_000, () => {});
    for (const body of ['a', 'b', 'c']) send(queue, body);
    expect((await received).map(({ body }) => body)).toEqual(['a', 'b', 'c']);
  });

  it('takes nothing along when its client is gone', async () => {
    const queue = queueOf();
    let leave = () => {};
    const left = queue.receive(10, 30, 20_000, (listener) => {
      leave = listener;
    });
    const stays = queue.receive(10, 30, 20_000, () => {});
    leave();
    send(queue, 'a');
    expect(await left).toEqual([]);
    expect(await stays).toMatchObject([{ body: 'a' }]);
  });

  it('ends when its queue is deleted', async () => {
    const queue = queueOf();
    const received = queue.receive(10, 30, 20_000, () => {});
    queue.close();
    expect(await received).toEqual([]);
  });
});

it('a receive and a send cost the same whatever is in the queue', async () => {
  const timeOf = async (messages: number) => {
    const queue = queueOf();
    for (let at = 0; at < messages; at += 1) send(queue, `m${at}`, `g${at % 500}`);
    const { user } = process.cpuUsage();
    for (let at = 0; at < 1000; at += 1) {
      const [message] = await receive(queue, 1);
      queue.delete(message?.receipt ?? '');
      send(queue, `n${at}`, `g${at % 500}`);
    }
    return process.cpuUsage().user - user;
  };
  const few = Math.min(await timeOf(1000), await timeOf(1000), await timeOf(1000));
  const many = Math.min(await timeOf(30_000), await timeOf(30_000));
  // In linear time it would be thirty times as much.
  expect(many).toBeLessThan(few * 6 + 20_000);
});
