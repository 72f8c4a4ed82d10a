import { hash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostPace } from '../../core/host-lane.ts';
import type { HostLedger, TaskLedger } from '../../core/ports/ledger.ts';
import type { RobotsCopy } from '../../core/robots/robots-copy.ts';
import { MAX_TASK_TARGETS } from '../../core/task.ts';
import { aTask } from '../worker/records.ts';
import { LEDGERS, type LedgerMaker } from './ledgers.ts';

const PACE: HostPace = {
  nextStartMs: 1_700_000_000_000,
  pausedUntilMs: 1_700_000_000_500,
  pauses: 2,
  reason: 'unavailable',
};
const COPY: RobotsCopy = {
  answer: {
    kind: 'rules',
    rules: { allow: [['/a', 2]], disallow: [['/', 3]], crawlDelayMs: 1500, sitemaps: ['/s.xml'] },
  },
  answeredAtMs: 1_700_000_000_000,
  askAgainAtMs: 1_700_086_400_000,
};

describe.each(Object.entries(LEDGERS))('the host ledger in %s', (_, make) => {
  let maker: LedgerMaker;
  let hosts: HostLedger;
  let tasks: TaskLedger;
  const recallPaces = async (names: readonly string[]) => {
    const urls = names.map((name) => `https://${name}/1.png`);
    const { paces } = await tasks.recall(aTask('w0-g1-0', urls));
    return new Map(paces);
  };
  beforeAll(async () => {
    maker = await make();
  });
  beforeEach(async () => {
    ({ hosts, tasks } = (await maker.open()).ledger);
  });
  afterAll(() => maker.close());

  it('gives back the paces that were kept, and nothing for the others', async () => {
    await hosts.keepPace('a.test', PACE);
    await hosts.keepPace('b.test:8080', { ...PACE, reason: null });
    expect(await recallPaces(['b.test:8080', 'c.test', 'a.test'])).toEqual(
      new Map([
        ['a.test', PACE],
        ['b.test:8080', { ...PACE, reason: null }],
      ]),
    );
  });

  it('answers for as many hosts as a task can have', async () => {
    const names = Array.from({ length: MAX_TASK_TARGETS }, (_, at) => `h${at}.test`);
    for (const name of names) await hosts.keepPace(name, PACE);
    expect((await recallPaces(names)).size).toBe(MAX_TASK_TARGETS);
  });

  it('writes over what was kept of a host', async () => {
    await hosts.keepPace('a.test', PACE);
    await hosts.keepPace('a.test', { ...PACE, pauses: 0 });
    expect((await recallPaces(['a.test'])).get('a.test')?.pauses).toBe(0);
  });

  it('gives back a robots.txt', async () => {
    await hosts.keepRobots('https://a.test', 'bot', COPY);
    expect(await hosts.readRobots('https://a.test', 'bot')).toEqual(COPY);
  });

  it.each([
    ['another scheme', 'http://a.test', 'bot'],
    ['another port', 'https://a.test:8443', 'bot'],
    ['another product token', 'https://a.test', 'other'],
  ])('keeps %s apart', async (_what, origin, token) => {
    await hosts.keepRobots('https://a.test', 'bot', COPY);
    expect(await hosts.readRobots(origin, token)).toBeUndefined();
  });

  it('gives back the longest that is read', async () => {
    const rules = Array.from({ length: 40_000 }, (_, at) => [`/path-${at}`, at] as const);
    const answer = { kind: 'rules', rules: { allow: [], disallow: rules, sitemaps: [] } } as const;
    await hosts.keepRobots('https://a.test', 'bot', { ...COPY, answer });
    expect(await hosts.readRobots('https://a.test', 'bot')).toEqual({ ...COPY, answer });
  });

  it('does not break on one that does not fit into an item', async () => {
    const noise = Array.from({ length: 30_000 }, (_, at) => {
      return [`/${hash('sha256', String(at), 'base64url')}`, at] as const;
    });
    const answer = { kind: 'rules', rules: { allow: [], disallow: noise, sitemaps: [] } } as const;
    await hosts.keepRobots('https://a.test', 'bot', { ...COPY, answer });
    const kept = await hosts.readRobots('https://a.test', 'bot');
    expect([undefined, 'rules']).toContain(kept?.answer.kind);
  });
});
