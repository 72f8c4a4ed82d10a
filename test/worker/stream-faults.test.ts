import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { manyHosts, siteOf } from './many-hosts.ts';
import { Notes } from './notes.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { World } from './world.ts';

const SLOW = 'https://slow.example/0.png';

describe('what breaks for one task', () => {
  it('breaks no other one that the worker received itself', async () => {
    const { tasks, urls, script } = manyHosts(12);
    const observer = new Notes();
    const world = new World(script, { observer, random: () => 0.5 });
    await world.begin(tasks);
    const { recall } = world.ledger.tasks;
    let fails = true;
    world.ledger.tasks.recall = async (asked) => {
      if (fails && asked.some(({ taskId }) => taskId === 'w0-g5-0')) throw new Error('no answer');
      return recall.call(world.ledger.tasks, asked);
    };
    await world.stream(1);
    expect(world.results).toHaveLength(urls.length - 3);
    expect(observer.of('ended').filter((line) => !line.endsWith('done'))).toEqual([
      `ended ${RUN_ID} w0-g5-0 delivery 1 Error: no answer`,
    ]);
    // It waits in the queue, for some ten seconds and more.
    expect(world.fifo.size).toBe(1);
    expect(world.fifo.depth()).toBe(0);
    fails = false;
    await world.drain();
    expect(world.dismantled).toEqual([]);
    await expectExact(world, urls);
  });

  it('breaks no other one that it was given', async () => {
    const { tasks, urls, script } = manyHosts(3);
    const world = new World(script);
    await world.begin(tasks.slice(0, 2));
    await world.queue.send([{ ...aTask('w0-g9-0', [SLOW]), runId: 'unknown' }]);
    const ends = await world.deliver();
    expect(new Map(ends?.map(({ receipt, end }) => [receipt, end.kind]))).toEqual(
      new Map([
        ['message-1#1', 'done'],
        ['message-2#1', 'done'],
        ['message-3#1', 'broken'],
      ]),
    );
    await expectExact(world, urls.slice(0, 6));
  });

  it('breaks none at all when the queue does not answer for a while', async () => {
    const { tasks, urls, script } = manyHosts(12);
    const world = new World(script);
    await world.begin(tasks);
    const { receive } = world.queue;
    let calls = 0;
    world.queue.receive = async (options) => {
      calls += 1;
      if (calls % 2 === 1) throw new Error('no answer');
      return receive.call(world.queue, options);
    };
    await world.drain();
    await expectExact(world, urls);
  });
});

describe('a poison message that the worker received itself', () => {
  const [first = '', second = ''] = urlsOf('a.example', 2);

  async function poisoned() {
    const observer = new Notes();
    const world = new World(siteOf([first, second, SLOW]), { observer });
    await world.begin([aTask('w0-g0-0', [SLOW], { group: 'g0' })]);
    await world.queue.send([aTask('w0-g1-0', [first], { group: 'g1' })]);
    world.fifo.send({ group: 'g1', deduplicationId: 'poison', body: '{ what?' });
    await world.queue.send([aTask('w0-g1-1', [second], { group: 'g1' })]);
    await world.change({ checkpoint: { ...(await world.run()).checkpoint, tasks: 3, targets: 3 } });
    return { observer, world };
  }

  it('goes to the dead letters without its group waiting for it', async () => {
    const { observer, world } = await poisoned();
    const beganMs = world.clock.now();
    const ends = await world.stream(1);
    expect(ends).toEqual([{ receipt: 'message-1#1', end: { kind: 'done' } }]);
    expect(world.clock.now() - beganMs).toBeLessThan(10_000);
    expect(world.fifo.size).toBe(0);
    expect(observer.of('poison')).toHaveLength(5);
    expect(observer.of('poison')[0]).toMatch(/^poison message-3 .*expected/s);
    await world.drain();
    expect([...world.ledger.tasks.poison.values()]).toEqual(['{ what?']);
    await expectExact(world, [SLOW, first, second]);
  });

  it('does not hold up the tasks beside it when it cannot be passed on', async () => {
    const { world } = await poisoned();
    const { postpone } = world.queue;
    world.queue.postpone = () => Promise.reject(new Error('the receipt has expired'));
    await world.stream(10);
    expect([SLOW, first, second].map((url) => world.result(url)?.status)).toEqual(
      Array(3).fill('succeeded'),
    );
    world.queue.postpone = postpone;
    await world.drain();
    expect([...world.ledger.tasks.poison.values()]).toEqual(['{ what?']);
  });

  it('ends as poison when it was given', async () => {
    const { world } = await poisoned();
    const ends = await world.deliver();
    expect(new Map(ends?.map(({ receipt, end }) => [receipt, end.kind]))).toEqual(
      new Map([
        ['message-1#1', 'done'],
        ['message-2#1', 'done'],
        ['message-3#1', 'poison'],
        ['message-4#1', 'done'],
      ]),
    );
    expect(world.fifo.depth()).toBe(1);
  });
});
