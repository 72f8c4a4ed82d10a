import { describe, expect, it } from 'vitest';
import { RecordedTelemetry } from '../telemetry/recorded-telemetry.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { Notes } from './notes.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { failure, image, page, type Script, status } from './scripted-site.ts';
import { World, type WorldOptions } from './world.ts';

const [u0 = '', u1 = '', u2 = ''] = urlsOf('a.example', 3);
const BEGUN = `begun ${RUN_ID} w0-g1-0`;
const DONE = `ended ${RUN_ID} w0-g1-0 delivery 1 done`;

async function observe(script: Script, options: WorldOptions, urls: readonly string[]) {
  const observer = new Notes();
  const world = new World(script, { ...options, observer });
  await world.begin([aTask('w0-g1-0', urls)]);
  await world.drain();
  return { lines: observer.lines, observer, world };
}

describe('the observer of a worker is told', () => {
  it('of each result once, when it is kept, and of its task before and after', async () => {
    const script = { [u0]: [image('a')], [u1]: [status(404)], [u2]: [page()] };
    const { lines, world } = await observe(script, {}, [u0, u1, u2]);
    const [first, ...settled] = lines;
    expect([first, settled.pop()]).toEqual([BEGUN, DONE]);
    // In the order in which they ended.
    expect(settled.toSorted()).toEqual([
      `settled ${RUN_ID} w0-g1-0 ${u0} succeeded`,
      `settled ${RUN_ID} w0-g1-0 ${u1} not-found`,
      `settled ${RUN_ID} w0-g1-0 ${u2} not-an-image`,
    ]);
    expect(world.results).toHaveLength(3);
  });

  it('of an attempt that is to be made again, and not of the last one', async () => {
    const { lines } = await observe({ [u0]: [status(500)] }, { random: () => 0.5 }, [u0]);
    expect(lines).toEqual([
      BEGUN,
      `retrying ${RUN_ID} ${u0} server-error`,
      `retrying ${RUN_ID} ${u0} server-error`,
      `settled ${RUN_ID} w0-g1-0 ${u0} server-error`,
      DONE,
    ]);
  });

  it('of a pause of a host when it begins, for as long as it is, and of what leaves its task', async () => {
    const script = { [u0]: [status(429, { 'retry-after': '60' }), image('a')] };
    const { lines, world } = await observe(script, {}, [u0]);
    const ids = world.ledger.tasks.all(RUN_ID).map(({ taskId }) => taskId);
    const rest = ids.find((id) => id.startsWith('r-'));
    expect(lines).toEqual([
      BEGUN,
      'backed off a.example rate-limited 60000',
      `retrying ${RUN_ID} ${u0} rate-limited`,
      `deferred ${RUN_ID} w0-g1-0 1`,
      DONE,
      `begun ${RUN_ID} ${rest}`,
      `settled ${RUN_ID} ${rest} ${u0} succeeded`,
      `ended ${RUN_ID} ${rest} delivery 1 done`,
    ]);
  });

  it('of each contact of a host that does not answer, as a pause', async () => {
    const refused = failure('connection-failed');
    const script = { [u0]: [refused], [u1]: [refused] };
    const { observer } = await observe(script, { random: () => 0.5 }, [u0, u1]);
    const told = 'backed off a.example connection-failed 6000';
    expect(observer.of('backed')).toEqual(Array(3).fill(told));
  });

  it('of one pause where several requests met it', async () => {
    const urls = urlsOf('a.example', 98);
    const busy = status(503, { 'retry-after': '60' });
    // The first request proves the host; the next two are under way when the first of them is refused.
    const answers = (at: number) => (at >= 1 && at <= 2 ? [busy, image('a')] : [image('a')]);
    const script = Object.fromEntries(urls.map((url, at) => [url, answers(at)]));
    const { observer, world } = await observe(script, { latencyMs: 100 }, urls);
    expect(urls.slice(1, 3).map((url) => world.site.asked(url))).toEqual([2, 2]);
    expect(observer.of('backed')).toEqual(['backed off a.example unavailable 60000']);
  });

  it('of no result that the ledger did not take, and of what broke', async () => {
    const observer = new Notes();
    const world = new World({ [u0]: [image('a')] }, { observer });
    world.ledger.results.settle = () => Promise.reject(new Error('no answer'));
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.deliver();
    expect(observer.lines).toEqual([BEGUN, `ended ${RUN_ID} w0-g1-0 delivery 1 Error: no answer`]);
  });

  it('that the queue did not answer, and the worker goes on', async () => {
    const observer = new Notes();
    const world = new World({ [u0]: [image('a')] }, { observer, latencyMs: 1000 });
    await world.begin([aTask('w0-g1-0', [u0])]);
    world.queue.receive = () => Promise.reject(new Error('no answer'));
    await world.drain();
    expect(new Set(observer.of('receive'))).toEqual(new Set(['receive failed Error: no answer']));
    expect(observer.of('receive').length).toBeLessThanOrEqual(3);
    expect(world.result(u0)?.status).toBe('succeeded');
    expect(observer.of('ended')).toEqual([DONE]);
  });
});

describe('the telemetry of a worker', () => {
  it('tells how each message ended, with its run and its task', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    const world = new World({ [u0]: [image('a')] }, { observer: telemetry });
    await world.begin([aTask('w0-g0-0', [u0])]);
    const unknown = aTask('w0-g1-0', [u1], { runId: 'run-2', group: 'g1' });
    await world.queue.send([unknown]);
    world.fifo.send({ group: 'g2', deduplicationId: 'poison', body: '{' });
    const invoke = telemetry.watch(() => world.deliver());
    await invoke(undefined, { awsRequestId: 'request' });
    const ended = telemetry.printed.filter(({ values }) => 'TasksEnded' in values);
    expect(ended.map(({ runId, series, values }) => [runId, series, values]).toSorted()).toEqual(
      [
        [undefined, { End: 'poison' }, { TasksEnded: 1 }],
        ['run-1', { End: 'done' }, { TasksEnded: 1 }],
        ['run-2', { End: 'broken' }, { TasksEnded: 1 }],
      ].toSorted(),
    );
    expect(telemetry.said.map(({ level, message, fields }) => [level, message, fields])).toEqual([
      ['error', 'poison message', { messageId: 'message-3', problem: expect.any(String) }],
      [
        'error',
        'task broke',
        expect.objectContaining({
          runId: 'run-2',
          taskId: 'w0-g1-0',
          error: expect.objectContaining({ name: 'UnknownRunError' }),
        }),
      ],
      ['info', 'task done', expect.objectContaining({ runId: 'run-1', taskId: 'w0-g0-0' })],
    ]);
  });
});
