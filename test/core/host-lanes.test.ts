import { describe, expect, it } from 'vitest';
import type { Pace } from '../../core/host-lane.ts';
import { HostLanes } from '../../core/host-lanes.ts';
import { VirtualClock } from '../virtual-clock.ts';

const PACE: Pace = { perHost: 2, delayMs: 0, notAfterMs: Number.POSITIVE_INFINITY };
const HOST = 'a.test';

/** Lanes with jobs that take some time and tell when they began. */
class Street {
  readonly clock = new VirtualClock(0);
  readonly lanes = new HostLanes(this.clock, () => 0.5);
  readonly starts: { readonly name: string; readonly atMs: number }[] = [];
  mostAtOnce = 0;
  #active = 0;

  run(name: string, pace: Partial<Pace> = {}, host = HOST, tookMs = 100) {
    return this.lanes.run(host, { ...PACE, ...pace }, async () => {
      this.starts.push({ name, atMs: this.clock.now() });
      this.#active += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#active);
      await this.clock.sleep(tookMs);
      this.#active -= 1;
      return name;
    });
  }

  /** The host asks for quiet, in milliseconds from now. */
  quiet(forMs: number, host = HOST): void {
    this.lanes.learn(host, {
      ...{ pausedUntilMs: this.clock.now() + forMs, pauses: 1 },
      ...{ reason: 'unavailable', nextStartMs: 0 },
    });
  }

  /** Many jobs to the end. */
  async runAll(names: readonly string[], pace: Partial<Pace> = {}) {
    const turns = Promise.all(names.map((name) => this.run(name, pace)));
    await this.clock.runUntilIdle();
    return turns;
  }
}

const NAMES = ['1', '2', '3', '4', '5', '6', '7'];

describe('a lane of one host', () => {
  it('gives back what the job gives back', async () => {
    const street = new Street();
    expect(await street.runAll(['1'])).toEqual([{ kind: 'ran', value: '1' }]);
  });

  it.each([1, 2, 6])('never has more than %i requests at once', async (perHost) => {
    const street = new Street();
    await street.runAll(NAMES, { perHost });
    expect(street.starts).toHaveLength(NAMES.length);
    expect(street.mostAtOnce).toBe(perHost);
  });

  it('starts in the order they came', async () => {
    const street = new Street();
    await street.runAll(NAMES, { perHost: 3, delayMs: 10 });
    expect(street.starts.map(({ name }) => name)).toEqual(NAMES);
  });

  it('never starts two sooner than the delay', async () => {
    const street = new Street();
    await street.runAll(['1', '2', '3'], { perHost: 6, delayMs: 1000 });
    expect(street.starts.map(({ atMs }) => atMs)).toEqual([0, 1000, 2000]);
  });

  it('counts the delay from start to start, also after a pause in the work', async () => {
    const street = new Street();
    await street.runAll(['1'], { delayMs: 1000 });
    await street.runAll(['2'], { delayMs: 1000 });
    expect(street.starts.map(({ atMs }) => atMs)).toEqual([0, 1000]);
  });

  it('waits for the slower of delay and free connection', async () => {
    const street = new Street();
    await street.runAll(['1', '2', '3'], { perHost: 1, delayMs: 30 });
    expect(street.starts.map(({ atMs }) => atMs)).toEqual([0, 100, 200]);
  });

  it('lets a job throw to its caller and goes on', async () => {
    const street = new Street();
    const broken = street.lanes.run(HOST, { ...PACE, perHost: 1 }, async () => {
      throw new Error('ours');
    });
    const next = street.run('next', { perHost: 1 });
    await expect(broken).rejects.toThrow('ours');
    await street.clock.runUntilIdle();
    expect(await next).toEqual({ kind: 'ran', value: 'next' });
  });

  it('does not hold up another host', async () => {
    const street = new Street();
    const turns = [street.run('a', { perHost: 1 }), street.run('b', { perHost: 1 }, 'b.test')];
    await street.clock.runUntilIdle();
    await Promise.all(turns);
    expect(street.starts.map(({ atMs }) => atMs)).toEqual([0, 0]);
  });
});

describe('no turn to give', () => {
  it('cuts at once what could not start in time', async () => {
    const street = new Street();
    const turns = await street.runAll(['1', '2', '3'], { delayMs: 1000, notAfterMs: 1500 });
    expect(turns.map(({ kind }) => kind)).toEqual(['ran', 'ran', 'cut']);
    expect(street.clock.now()).toBeLessThanOrEqual(1100);
  });

  it('cuts what waited for a connection until its time was over', async () => {
    const street = new Street();
    const turns = await street.runAll(['1', '2'], { perHost: 1, notAfterMs: 50 });
    expect(turns.map(({ kind }) => kind)).toEqual(['ran', 'cut']);
  });

  it('tells everyone at once when the host asks for quiet', async () => {
    const street = new Street();
    const turns = NAMES.map((name) => street.run(name, { perHost: 1 }));
    street.quiet(60_000);
    await street.clock.advance(100);
    const [first, ...others] = await Promise.all(turns);
    expect(first).toEqual({ kind: 'ran', value: '1' });
    for (const turn of others) expect(turn).toEqual({ kind: 'paused', untilMs: 60_000 });
  });

  it('keeps the longest quiet that was asked for', async () => {
    const street = new Street();
    street.quiet(60_000);
    street.quiet(1000);
    expect(await street.run('1')).toEqual({ kind: 'paused', untilMs: 60_000 });
  });

  it('starts again when the quiet is over', async () => {
    const street = new Street();
    street.quiet(1000);
    await street.clock.advance(1000);
    expect(await street.runAll(['1'])).toEqual([{ kind: 'ran', value: '1' }]);
  });

  it('keeps the quiet to its host', async () => {
    const street = new Street();
    street.quiet(60_000, 'b.test');
    expect(await street.runAll(['1'])).toEqual([{ kind: 'ran', value: '1' }]);
  });
});

describe('what is remembered', () => {
  it('is when a host was last asked: its delay may become known only then', async () => {
    const street = new Street();
    await street.runAll(['1']);
    await street.runAll(['2'], { delayMs: 1000 });
    expect(street.starts.map(({ atMs }) => atMs)).toEqual([0, 1000]);
  });

  it('does not grow with the hosts a worker meets in its life', async () => {
    const street = new Street();
    for (let at = 0; at < 2500; at += 1) {
      street.quiet(500, `host-${at}.test`);
      if (at % 500 === 0) await street.clock.advance(61_000);
    }
    expect(street.lanes.size).toBeLessThanOrEqual(2000);
  });
});
