import { describe, expect, it } from 'vitest';
import { HostLane } from '../../../core/hosts/host-lane.ts';
import type { Pace } from '../../../core/hosts/pace.ts';
import { RateLimit } from '../../../core/hosts/rate-limit.ts';
import type { Reason } from '../../../core/model/outcome.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { aHostRecord } from '../host-records.ts';

const PACE: Pace = {
  perHost: 2,
  delayMs: 0,
  ratePerS: 0,
  perAddress: false,
  notAfterMs: Number.POSITIVE_INFINITY,
  budget: { round: 'run-1 0', attempts: 3 },
};
/** When the clock of a test starts: times below are counted from then. */
const START_MS = 1_000_000;

interface Start {
  readonly name: string;
  readonly atMs: number;
}

/** A lane with jobs that take some time and tell when they began. */
class Street {
  readonly clock = new VirtualClock(START_MS);
  readonly lane = new HostLane(this.clock);
  readonly starts: Start[] = [];
  mostAtOnce = 0;
  #active = 0;

  /** Of a host that has answered so often. */
  constructor(answers = 60) {
    for (let n = 0; n < answers; n += 1) this.lane.recordSuccess(1);
  }

  run(name: string, pace: Partial<Pace> = {}, tookMs = 100) {
    return this.lane.run({ ...PACE, ...pace }, async (begin) => {
      begin();
      this.starts.push({ name, atMs: this.clock.now() - START_MS });
      this.#active += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#active);
      await this.clock.sleep(tookMs);
      this.#active -= 1;
      return name;
    });
  }

  /** The host fails for this reason, and asks to be left alone for so long from now. */
  fail(reason: Reason, retryAfterMs?: number): void {
    this.lane.recordFailure({ reason, retryAfterMs, budget: PACE.budget }, 0);
  }

  /** Many jobs to the end. */
  async runAll(names: readonly string[], pace: Partial<Pace> = {}, tookMs?: number) {
    const turns = Promise.all(names.map((name) => this.run(name, pace, tookMs)));
    await this.clock.runUntilIdle();
    return turns;
  }

  get startTimes(): readonly number[] {
    return this.starts.map(({ atMs }) => atMs);
  }
}

function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${at + 1}`);
}

const NAMES = namesOf(7);

describe('the lane of a host', () => {
  it('gives back what the job gives back', async () => {
    const street = new Street();
    expect(await street.runAll(['1'])).toEqual([{ kind: 'ran', value: '1' }]);
  });

  it.each([1, 2, 6])('has as many as %i requests at once, and never more', async (perHost) => {
    const street = new Street();
    await street.runAll(namesOf(144), { perHost });
    expect(street.starts).toHaveLength(144);
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
    expect(street.startTimes).toEqual([0, 1000, 2000]);
  });

  it('counts the delay from start to start, also after a pause in the work', async () => {
    const street = new Street();
    await street.runAll(['1'], { delayMs: 1000 });
    await street.runAll(['2'], { delayMs: 1000 });
    expect(street.startTimes).toEqual([0, 1000]);
  });

  it('waits for the slower of delay and free connection', async () => {
    const street = new Street();
    await street.runAll(['1', '2', '3'], { perHost: 1, delayMs: 30 });
    expect(street.startTimes).toEqual([0, 100, 200]);
  });

  it('counts the delay from when a request goes out, and starts no other before', async () => {
    const street = new Street();
    const pace = { ...PACE, perHost: 6, delayMs: 1000 };
    const slow = street.lane.run(pace, async (begin) => {
      await street.clock.sleep(700);
      begin();
      await street.clock.sleep(100);
    });
    const next = street.run('next', pace);
    await street.clock.runUntilIdle();
    await Promise.all([slow, next]);
    expect(street.startTimes).toEqual([1700]);
  });

  it('lets a job throw to its caller and goes on', async () => {
    const street = new Street();
    const broken = street.lane.run({ ...PACE, perHost: 1, delayMs: 10 }, async () => {
      throw new Error('ours');
    });
    const next = street.run('next', { perHost: 1, delayMs: 10 });
    await expect(broken).rejects.toThrow('ours');
    await street.clock.runUntilIdle();
    expect(await next).toEqual({ kind: 'ran', value: 'next' });
  });

  it('remembers when its host was last asked: a delay may become known only then', async () => {
    const street = new Street();
    await street.runAll(['1']);
    await street.runAll(['2'], { delayMs: 1000 });
    expect(street.startTimes).toEqual([0, 1000]);
  });
});

describe('the connections of a host that answers', () => {
  it.each([
    [1, 1],
    [24, 1],
    [25, 2],
    [48, 2],
    [49, 3],
    [144, 6],
    [300, 6],
  ])('are for %i requests at once: %i', async (count, connections) => {
    const street = new Street();
    const turns = namesOf(count).map((name) => street.run(name, { perHost: 6 }));
    await street.clock.advance(0);
    expect(street.starts).toHaveLength(connections);
    await street.clock.runUntilIdle();
    await Promise.all(turns);
    expect(street.starts).toHaveLength(count);
    expect(street.mostAtOnce).toBe(connections);
  });

  it('grow by one, up to what is allowed, for each second without an answer', async () => {
    const street = new Street();
    await street.runAll(namesOf(4), { perHost: 3 }, 5000);
    expect(street.startTimes).toEqual([0, 1000, 2000, 5000]);
  });

  it('do not grow while a request waits for the worker and not for the host', async () => {
    const street = new Street();
    let send: () => void = () => {};
    const slow = street.lane.run(PACE, async (begin) => {
      await new Promise<void>((go) => {
        send = go;
      });
      begin();
      await street.clock.sleep(1500);
    });
    const next = street.run('2');
    await street.clock.advance(5000);
    expect(street.starts).toEqual([]);
    send();
    await street.clock.runUntilIdle();
    await Promise.all([slow, next]);
    expect(street.startTimes).toEqual([6000]);
  });

  it('are never more than are allowed, however long a request waits', async () => {
    const street = new Street();
    await street.runAll(namesOf(5), { perHost: 2 }, 5000);
    expect(street.mostAtOnce).toBe(2);
    expect(street.startTimes).toEqual([0, 1000, 5000, 6000, 10_000]);
  });
});

describe('a host that is not known to answer', () => {
  it('has one request at a time, however many wait, and however long', async () => {
    const street = new Street(0);
    await street.runAll(NAMES, { perHost: 6 }, 3000);
    expect(street.mostAtOnce).toBe(1);
    expect(street.startTimes).toEqual(NAMES.map((_, at) => at * 3000));
  });

  it('has more connections than one from its first answer on', async () => {
    const street = new Street(0);
    const turns = namesOf(145).map((name) => street.run(name, { perHost: 6 }));
    await street.clock.advance(50);
    expect(street.startTimes).toEqual([0]);
    street.lane.recordSuccess(1);
    expect(street.lane.isProven).toBe(true);
    await street.clock.runUntilIdle();
    await Promise.all(turns);
    expect(street.startTimes.slice(0, 3)).toEqual([0, 50, 100]);
    expect(street.mostAtOnce).toBe(2);
  });

  it('lets its other requests wait when the contact fails', async () => {
    const street = new Street(0);
    const turns = NAMES.map((name) => street.run(name));
    await street.clock.advance(50);
    street.fail('timeout');
    await street.clock.advance(50);
    const [first, ...others] = await Promise.all(turns);
    expect(first).toEqual({ kind: 'ran', value: '1' });
    for (const turn of others)
      expect(turn).toEqual({ kind: 'paused', untilMs: START_MS + 50 + 5000 });
  });

  it('is given up by all that wait at the third contact, with the reason', async () => {
    const street = new Street(0);
    for (let contact = 1; contact <= 3; contact += 1) {
      expect(street.lane.isGivenUp(PACE.budget)).toBe(false);
      street.fail('dns-failed');
      await street.clock.advance(5000);
    }
    expect(await street.run('1')).toEqual({ kind: 'given-up', reason: 'dns-failed' });
    const other = { round: 'run-2 0', attempts: 3 };
    await street.clock.advance(5000);
    const turn = street.run('2', { budget: other });
    await street.clock.runUntilIdle();
    expect(await turn).toEqual({ kind: 'ran', value: '2' });
  });
});

describe('no turn to give', () => {
  it('cuts at once what could not start in time', async () => {
    const street = new Street();
    const notAfterMs = START_MS + 1500;
    const turns = await street.runAll(['1', '2', '3'], { delayMs: 1000, notAfterMs });
    expect(turns.map(({ kind }) => kind)).toEqual(['ran', 'ran', 'cut']);
    expect(street.clock.now() - START_MS).toBeLessThanOrEqual(1100);
  });

  it('cuts what waited for a connection until its time was over', async () => {
    const street = new Street();
    const turns = await street.runAll(['1', '2'], { perHost: 1, notAfterMs: START_MS + 50 });
    expect(turns).toEqual([
      { kind: 'ran', value: '1' },
      { kind: 'cut', untilMs: START_MS + 100 },
    ]);
  });

  it('tells all that wait at once when a pause begins', async () => {
    const street = new Street();
    const turns = NAMES.map((name) => street.run(name, { perHost: 1 }));
    street.fail('unavailable', 60_000);
    await street.clock.advance(100);
    const [first, ...others] = await Promise.all(turns);
    expect(first).toEqual({ kind: 'ran', value: '1' });
    for (const turn of others) expect(turn).toEqual({ kind: 'paused', untilMs: START_MS + 60_000 });
  });

  it('keeps the longest pause that was asked for', async () => {
    const street = new Street();
    street.fail('unavailable', 60_000);
    street.fail('unavailable', 1000);
    expect(await street.run('1')).toEqual({ kind: 'paused', untilMs: START_MS + 60_000 });
  });

  it('starts again when the pause is over, with one request at a time', async () => {
    const street = new Street();
    street.fail('unavailable', 2000);
    await street.clock.advance(2000);
    const turns = await street.runAll(NAMES, { perHost: 6 });
    expect(turns.map(({ kind }) => kind)).toEqual(NAMES.map(() => 'ran'));
    expect(street.mostAtOnce).toBe(1);
  });

  it('is what another worker left', async () => {
    const street = new Street(0);
    street.lane.learn(
      aHostRecord({
        pausedUntilMs: START_MS + 5000,
        pauses: 1,
        reason: 'rate-limited',
        nextStartMs: START_MS + 8000,
        answeredMs: START_MS,
      }),
    );
    expect(street.lane.isProven).toBe(true);
    expect(await street.run('1')).toEqual({ kind: 'paused', untilMs: START_MS + 5000 });
    await street.clock.advance(5000);
    await street.runAll(['2']);
    expect(street.startTimes).toEqual([8000]);
  });
});

describe('what a lane leaves to other workers', () => {
  it('is its next start, its pause, its answer and the contacts that failed', async () => {
    const street = new Street();
    await street.runAll(['1'], { delayMs: 3000 });
    const record = { nextStartMs: START_MS + 3000, answeredMs: START_MS, failedContacts: {} };
    expect(street.lane.record).toEqual({ ...record, pausedUntilMs: 0, pauses: 0, reason: null });
    for (let silence = 0; silence < 5; silence += 1) street.fail('timeout');
    expect(street.lane.record).toEqual({
      nextStartMs: START_MS + 3000,
      answeredMs: 0,
      failedContacts: { [PACE.budget.round]: 1 },
      pausedUntilMs: START_MS + 100 + 5000,
      pauses: 1,
      reason: 'timeout',
    });
  });
});

describe('a lane that can be forgotten', () => {
  it('has nothing to do', async () => {
    const street = new Street();
    const turn = street.run('1', {}, 60_000);
    await street.clock.advance(59_999);
    expect(street.lane.isIdle).toBe(false);
    await street.clock.runUntilIdle();
    await turn;
    expect(street.lane.isIdle).toBe(true);
  });

  it('started nothing for as long as the longest delay', async () => {
    const street = new Street();
    await street.runAll(['1']);
    await street.clock.advance(29_899);
    expect(street.lane.isIdle).toBe(false);
    await street.clock.advance(1);
    expect(street.lane.isIdle).toBe(true);
  });

  it('was in no trouble for a minute', async () => {
    const street = new Street();
    street.fail('unavailable', 500);
    await street.clock.advance(60_499);
    expect(street.lane.isIdle).toBe(false);
    await street.clock.advance(1);
    expect(street.lane.isIdle).toBe(true);
  });
});

describe('the pace of a host', () => {
  it('adapts: few connections at first, more with good answers, half of them after trouble', async () => {
    const street = new Street(1);
    const jobs = namesOf(800).map((name) => street.run(name, { perHost: 6 }));
    await street.clock.advance(1);
    expect(street.mostAtOnce).toBe(2);
    for (let n = 0; n < 30; n += 1) street.lane.recordSuccess(100);
    await street.clock.advance(1);
    expect(street.mostAtOnce).toBe(6);
    street.fail('server-error');
    street.fail('timeout');
    street.mostAtOnce = 0;
    await street.clock.advance(10_000);
    expect(street.mostAtOnce).toBeLessThan(6);
    await street.clock.runUntilIdle();
    await Promise.all(jobs);
  });

  it('has at most so many starts in any second, where its address is public', async () => {
    const street = new Street();
    street.lane.limitRate(new RateLimit());
    for (let n = 0; n < 100; n += 1) street.lane.recordSuccess(1);
    await street.runAll(namesOf(100), { perHost: 6, ratePerS: 10 }, 1);
    const { startTimes } = street;
    const crowded = startTimes.filter((atMs) => {
      return startTimes.filter((other) => other >= atMs && other < atMs + 1000).length > 10;
    });
    expect(crowded).toEqual([]);
    expect(startTimes.at(-1)).toBe(9900);
  });

  it('is that of its address, where hosts share it', async () => {
    const rate = new RateLimit();
    const clock = new VirtualClock(START_MS);
    const starts: number[] = [];
    const jobs = ['a', 'b'].map((name) => {
      const lane = new HostLane(clock);
      lane.recordSuccess(1);
      lane.limitRate(rate);
      const pace = { ...PACE, ratePerS: 2, perAddress: true };
      return Promise.all(
        namesOf(4).map(() =>
          lane.run(pace, async (begin) => {
            begin();
            starts.push(clock.now() - START_MS);
            return name;
          }),
        ),
      );
    });
    await clock.runUntilIdle();
    await Promise.all(jobs);
    expect(starts.toSorted((a, b) => a - b)).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000, 3500]);
  });

  it.each([
    ['no rate is asked for', 0, true],
    ['its address is not a public one', 1, false],
  ])('is free where %s', async (_, ratePerS, isPublic) => {
    const street = new Street();
    if (isPublic) street.lane.limitRate(new RateLimit());
    await street.runAll(NAMES, { perHost: 1, ratePerS }, 10);
    expect(street.startTimes.at(-1)).toBe(60);
  });
});
