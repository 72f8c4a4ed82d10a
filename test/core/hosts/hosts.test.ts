import { describe, expect, it } from 'vitest';
import { Hosts } from '../../../core/hosts/hosts.ts';
import { robotsName } from '../../../core/model/host-record.ts';
import type { RobotsCopy } from '../../../core/model/robots-rules.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { aHostRecord } from '../host-records.ts';

const BUDGET = { round: 'run-1 0', attempts: 3 };

function aStreet() {
  const clock = new VirtualClock();
  const hosts = new Hosts(clock);
  const run = (name: string, perHost = 1) => {
    const pace = {
      perHost,
      delayMs: 0,
      ratePerS: 0,
      perAddress: false,
      notAfterMs: Number.POSITIVE_INFINITY,
      budget: BUDGET,
    };
    return hosts.get(name).lane.run(pace, async () => clock.now());
  };
  const pause = (name: string, retryAfterMs: number) => {
    hosts.get(name).lane.recordFailure({ reason: 'unavailable', retryAfterMs, budget: BUDGET }, 0);
  };
  return { clock, hosts, run, pause };
}

/** A copy with as many rules. */
function copyOf(rules: number, askAgainAtMs = 0): RobotsCopy {
  const disallow = Array.from({ length: rules }, (_, at) => [`/${at}`, at] as const);
  const answer = { kind: 'rules', rules: { allow: [], disallow, sitemaps: [] } } as const;
  return { answer, answeredAtMs: 0, askAgainAtMs };
}

describe('the hosts of a worker', () => {
  it('are one for each name', () => {
    const { hosts } = aStreet();
    expect(hosts.get('a.test')).toBe(hosts.get('a.test'));
    expect(hosts.get('a.test')).not.toBe(hosts.get('a.test:8080'));
    expect(hosts.size).toBe(2);
  });

  it('do not hold up one another', async () => {
    const { clock, run } = aStreet();
    const beganMs = clock.now();
    const turns = await Promise.all([run('a.test'), run('b.test')]);
    const ran = { kind: 'ran', value: beganMs };
    expect(turns).toEqual([ran, ran]);
  });

  it('are paused each by itself', async () => {
    const { clock, pause, run } = aStreet();
    pause('b.test', 60_000);
    expect(await run('a.test')).toMatchObject({ kind: 'ran' });
    expect(await run('b.test')).toEqual({ kind: 'paused', untilMs: clock.now() + 60_000 });
  });

  it('do not grow with the hosts that a worker meets in its life', async () => {
    const { clock, hosts, pause } = aStreet();
    let most = 0;
    for (let at = 0; at < 50_000; at += 1) {
      pause(`host-${at}.test`, 500);
      if (at % 5000 === 0) await clock.advance(61_000);
      most = Math.max(most, hosts.size);
    }
    expect(most).toBeLessThanOrEqual(20_000);
  });

  it('do not grow with the rules of their robots.txt', async () => {
    const { clock, hosts } = aStreet();
    const copy = copyOf(10_000);
    let most = 0;
    for (let at = 0; at < 60; at += 1) {
      hosts.get(`host-${at}.test`).keepRobots('https bot', copy);
      await clock.advance(1000);
      most = Math.max(most, hosts.size);
    }
    expect(most).toBeLessThanOrEqual(21);
  });

  it('that are in trouble are not forgotten, however many there are', async () => {
    const { hosts, pause, run } = aStreet();
    for (let at = 0; at < 12_000; at += 1) pause(`host-${at}.test`, 600_000);
    expect(hosts.size).toBe(12_000);
    expect(await run('host-0.test')).toMatchObject({ kind: 'paused' });
  });
});

describe('what is learned with a task', () => {
  it('is that a host without a record has none, so that it is not read again', () => {
    const { clock, hosts } = aStreet();
    const records = new Map([['a.test', aHostRecord({ answeredMs: clock.now() })]]);
    expect(hosts.get('b.test').isRead).toBe(false);
    hosts.learn(['a.test', 'b.test'], records);
    expect([hosts.get('a.test').isRead, hosts.get('b.test').isRead]).toEqual([true, true]);
    expect(hosts.get('a.test').lane.isProven).toBe(true);
    expect(hosts.get('b.test').lane.isProven).toBe(false);
  });

  it('is the copy of a robots.txt that holds for longer', () => {
    const { clock, hosts } = aStreet();
    const host = hosts.get('a.test');
    const name = robotsName('https://a.test', 'Bot');
    const [older, newer] = [copyOf(1, 10), copyOf(2, 20)];
    host.learn(aHostRecord({ answeredMs: clock.now(), robots: { [name]: older } }));
    expect(host.robots(name)?.copy).toEqual(older);
    host.learn(aHostRecord({ answeredMs: clock.now(), robots: { [name]: newer } }));
    host.learn(aHostRecord({ answeredMs: clock.now(), robots: { [name]: older } }));
    expect(host.robots(name)?.copy).toEqual(newer);
    expect(host.rules).toBe(2);
  });
});

describe('the record of a host', () => {
  it('comes out of one worker as it went into another', () => {
    const { clock, hosts } = aStreet();
    const robots = { 'https bot': copyOf(3, 7), 'http bot': copyOf(1, 9) };
    const record = aHostRecord({
      answeredMs: clock.now(),
      pausedUntilMs: clock.now() + 5,
      pauses: 2,
      reason: 'unavailable',
      detail: 'busy',
      nextStartMs: clock.now() + 3,
      failedContacts: {},
      robots,
    });
    hosts.get('a.test').learn(record);
    expect(hosts.get('a.test').record).toEqual(record);
  });

  it('names the copies by scheme and product token', () => {
    expect(robotsName('https://a.test', 'Bot')).toBe('https bot');
    expect(robotsName('http://a.test:8080', 'bot')).toBe('http bot');
  });

  it('reserves the host for as long as it was told', () => {
    const { clock, hosts } = aStreet();
    const host = hosts.get('a.test');
    host.learn(aHostRecord({ answeredMs: clock.now(), nextStartMs: 5000 }));
    host.reservedUntilMs = 9000;
    expect(host.record.nextStartMs).toBe(9000);
    host.reservedUntilMs = 0;
    expect(host.record.nextStartMs).toBe(5000);
  });
});
