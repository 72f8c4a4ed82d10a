import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import type { HostRecord } from '../../core/model/host-record.ts';
import type { RobotsCopy } from '../../core/model/robots-rules.ts';
import type { KeptHost } from '../../core/ports/ledger.ts';
import { aHostRecord } from '../core/host-records.ts';
import { knownOf, packsOf } from '../worker/packs.ts';
import { aTask } from '../worker/records.ts';
import { LEDGERS } from './ledgers.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const COPY: RobotsCopy = {
  answer: {
    kind: 'rules',
    rules: { allow: [['/a', 2]], disallow: [['/', 3]], crawlDelayMs: 1500, sitemaps: ['/s.xml'] },
  },
  answeredAtMs: 1_700_000_000_000,
  askAgainAtMs: 1_700_086_400_000,
};
const RECORD: HostRecord = {
  nextStartMs: 1_700_000_000_000,
  pausedUntilMs: 1_700_000_000_500,
  pauses: 2,
  reason: 'unavailable',
  detail: 'HTTP 503',
  answeredMs: 1_699_999_999_999,
  failedContacts: { 'run-1 0': 2, 'run-2 1': 1 },
  robots: { 'https bot': COPY, 'http bot': { ...COPY, answer: { kind: 'unavailable' } } },
};
const LITTLE = aHostRecord();

/** A host whose robots.txt has these rules. */
function withRules(disallow: readonly (readonly [string, number])[]): HostRecord {
  const answer = { kind: 'rules', rules: { allow: [], disallow, sitemaps: [] } } as const;
  return { ...RECORD, robots: { 'https bot': { ...COPY, answer } } };
}

describe.each(Object.entries(LEDGERS))('the hosts of a ledger in %s', (_, make) => {
  const subject = oneForEachTest(make);
  const ledger = () => subject().ledger;
  const keep = (...hosts: readonly KeptHost[]) => ledger().results.settle([], hosts);
  const keepOne = (record: HostRecord) => keep({ host: 'a.test', record });
  const recall = async (names: readonly string[]) => {
    const urls = names.map((name) => `https://${name}/1.png`);
    return (await ledger().tasks.recall([aTask('w0-g1-0', urls)])).hosts;
  };

  it('are read as they were kept', async () => {
    await keep({ host: 'a.test', record: RECORD }, { host: 'b.test:8080', record: LITTLE });
    expect(await ledger().hosts.read('a.test')).toEqual(RECORD);
    expect(await ledger().hosts.read('b.test:8080')).toEqual(LITTLE);
  });

  it('are unknown where nothing was kept of them', async () => {
    await keepOne(RECORD);
    expect(await ledger().hosts.read('b.test')).toBeUndefined();
    expect(await ledger().hosts.read('a.test:8443')).toBeUndefined();
  });

  it('come with the tasks that name them, and nothing for the others', async () => {
    await keep({ host: 'a.test', record: RECORD }, { host: 'b.test:8080', record: LITTLE });
    expect(await recall(['b.test:8080', 'c.test', 'a.test'])).toEqual(
      new Map([
        ['a.test', RECORD],
        ['b.test:8080', LITTLE],
      ]),
    );
  });

  it('do not come for targets that need no request', async () => {
    await keepOne(RECORD);
    const decided = { reason: null, facts: {} } as const;
    const targets = [{ url: 'https://a.test/1.png', decided }];
    expect((await ledger().tasks.recall([aTask('t', [], { targets })])).hosts.size).toBe(0);
  });

  it('are as many as a task can have', async () => {
    const names = Array.from({ length: QUEUE_LIMITS.taskTargets }, (_unused, at) => `h${at}.test`);
    for (let at = 0; at < names.length; at += 25)
      await keep(...names.slice(at, at + 25).map((host) => ({ host, record: LITTLE })));
    expect([...(await recall(names)).keys()].toSorted()).toEqual(names.toSorted());
  });

  it('come all the same when they are more than one answer of the table holds', async () => {
    const rules = Array.from({ length: 4000 }, (_unused, at) => {
      return [`/${hash('sha256', String(at), 'base64url')}`, at] as const;
    });
    const record = withRules(rules);
    const names = Array.from({ length: 25 }, (_unused, at) => `h${at}.test`);
    for (const host of names) await keep({ host, record });
    const recalled = await recall(names);
    expect([...recalled.keys()].toSorted()).toEqual(names.toSorted());
    expect(recalled.get('h24.test')).toEqual(record);
  });

  it('are replaced by what is kept later', async () => {
    await keepOne(RECORD);
    await keepOne(LITTLE);
    expect(await ledger().hosts.read('a.test')).toEqual(LITTLE);
    expect((await recall(['a.test'])).get('a.test')).toEqual(LITTLE);
  });

  it('are kept beside results, in one write', async () => {
    const about = { runId: 'run-1', taskId: 't', round: 0, attempts: 1, durationMs: 1 };
    const fetchedAt = '2026-01-01T00:00:00.000Z';
    const urls = Array.from({ length: 20 }, (_unused, at) => `https://a.test/${at}.png`);
    const results = urls.map((url) => {
      return { ...about, url, fetchedAt, status: 'failed', reason: 'not-found' } as const;
    });
    const hosts = [0, 1, 2, 3, 4].map((at) => ({ host: `h${at}.test`, record: RECORD }));
    await ledger().results.settle(await packsOf(ledger().results, results), hosts);
    for (const url of urls)
      expect(await knownOf(ledger().results, 'run-1', url)).toMatchObject({ round: 0 });
    for (const { host } of hosts) expect(await ledger().hosts.read(host)).toEqual(RECORD);
  });

  it('are refused when they are 26 at once, or one is there twice', async () => {
    const names = Array.from({ length: 26 }, (_unused, at) => `h${at}.test`);
    await expect(keep(...names.map((host) => ({ host, record: LITTLE })))).rejects.toThrow();
    const host = 'a.test';
    await expect(keep({ host, record: LITTLE }, { host, record: RECORD })).rejects.toThrow();
    expect(await ledger().hosts.read('h0.test')).toBeUndefined();
    expect(await ledger().hosts.read(host)).toBeUndefined();
  });

  it('keep the longest robots.txt that is read', async () => {
    const record = withRules(
      Array.from({ length: 40_000 }, (_unused, at) => [`/path-${at}`, at] as const),
    );
    await keepOne(record);
    expect(await ledger().hosts.read('a.test')).toEqual(record);
  });

  it('keep what was said of rights', async () => {
    const rules = {
      allow: [],
      disallow: [],
      sitemaps: [],
      rights: [{ signal: 'content-usage', path: '/art/', value: 'train-ai=n' }],
      license: '/terms.xml',
    } as const;
    const record: HostRecord = {
      ...RECORD,
      robots: { 'https bot': { ...COPY, answer: { kind: 'rules', rules } } },
      tdm: {
        https: {
          rules: [
            { location: '/', reservation: 1, policy: 'https://a.test/p' },
            { location: '/b' },
          ],
          askAgainAtMs: 1_700_086_400_000,
        },
        http: { rules: [], askAgainAtMs: 1_700_086_400_000 },
      },
    };
    await keepOne(record);
    expect(await ledger().hosts.read('a.test')).toEqual(record);
    expect((await recall(['a.test'])).get('a.test')).toEqual(record);
  });

  it('keep everything else where a robots.txt does not fit into an item', async () => {
    const noise = Array.from({ length: 30_000 }, (_unused, at) => {
      return [`/${hash('sha256', String(at), 'base64url')}`, at] as const;
    });
    const record = withRules(noise);
    await keepOne(record);
    const kept = await ledger().hosts.read('a.test');
    expect({ ...kept, robots: {} }).toEqual({ ...record, robots: {} });
    expect([{}, record.robots]).toContainEqual(kept?.robots);
  });
});
