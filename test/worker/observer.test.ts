import { describe, expect, it } from 'vitest';
import type { Observer } from '../../core/ports/observer.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { failure, image, page, type Script, status } from './scripted-site.ts';
import { World, type WorldOptions } from './world.ts';

/** Keeps what it is told, in a line each. */
class Notes implements Observer {
  readonly lines: string[] = [];

  settled: Observer['settled'] = ({ runId, taskId, url, status, reason }) => {
    this.lines.push(`settled ${runId} ${taskId} ${url} ${reason ?? status}`);
  };
  retrying: Observer['retrying'] = ({ runId }, url, reason) => {
    this.lines.push(`retrying ${runId} ${url} ${reason}`);
  };
  backedOff: Observer['backedOff'] = (host, reason, quietMs) => {
    this.lines.push(`backed off ${host} ${reason} ${quietMs}`);
  };
}

async function observe(script: Script, options: WorldOptions, urls: readonly string[]) {
  const observer = new Notes();
  const world = new World(script, { ...options, observer });
  await world.begin([aTask('w0-g1-0', urls)]);
  await world.drain();
  return { lines: observer.lines, world };
}

describe('whoever watches a worker is told', () => {
  const [u0 = '', u1 = '', u2 = ''] = urlsOf('a.example', 3);

  it('of each result once, when it is kept', async () => {
    const script = { [u0]: [image('a')], [u1]: [status(404)], [u2]: [page()] };
    const { lines, world } = await observe(script, {}, [u0, u1, u2]);
    expect(lines.toSorted()).toEqual([
      `settled ${RUN_ID} w0-g1-0 ${u0} succeeded`,
      `settled ${RUN_ID} w0-g1-0 ${u1} not-found`,
      `settled ${RUN_ID} w0-g1-0 ${u2} not-an-image`,
    ]);
    expect(world.results).toHaveLength(3);
  });

  it('of a try that is to be made again, and not of the last one', async () => {
    const { lines } = await observe({ [u0]: [failure('timeout')] }, {}, [u0]);
    expect(lines).toEqual([
      `retrying ${RUN_ID} ${u0} timeout`,
      `retrying ${RUN_ID} ${u0} timeout`,
      `settled ${RUN_ID} w0-g1-0~2 ${u0} timeout`,
    ]);
  });

  it('of a pause of a host when it begins, for as long as it is', async () => {
    const script = { [u0]: [status(429, { 'retry-after': '60' }), image('a')] };
    const { lines } = await observe(script, {}, [u0]);
    expect(lines).toEqual([
      'backed off a.example rate-limited 60000',
      `retrying ${RUN_ID} ${u0} rate-limited`,
      `settled ${RUN_ID} w0-g1-0 ${u0} succeeded`,
    ]);
  });

  it('of nothing that the ledger did not take', async () => {
    const observer = new Notes();
    const world = new World({ [u0]: [image('a')] }, { observer });
    world.ledger.results.settle = () => Promise.reject(new Error('no answer'));
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.deliver();
    expect(observer.lines).toEqual([]);
  });
});
