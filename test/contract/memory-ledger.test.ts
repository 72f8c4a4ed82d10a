import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoMemoryLedger } from '../../adapters/aws/dynamo-memory-ledger.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { memoryPackKey, memoryPartition } from '../../contract/table-keys.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { urlDigest } from '../../core/model/url-digest.ts';
import type { ResultPack } from '../../core/ports/ledger.ts';
import type { MemoryMark, MemoryPack } from '../../core/ports/memory.ts';
import type { KeptDocument, MemoryHead, Remembered } from '../../core/ports/remembered.ts';
import { settledResult } from '../worker/records.ts';
import { startDynamo } from './emulators.ts';
import { LEDGERS } from './ledgers.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const GROUPING = { groups: 32, hostShards: {} };
const GROUP = 'g1';
const HEAD: MemoryHead = {
  runId: 'run-1',
  root: 's3://bucket',
  manner: { headers: '', ignoreRobots: false, purposes: ['search', 'keep'], token: 'test' },
  untilMs: Date.UTC(2100, 0, 1),
};

function anEntry(url: string, change: Partial<Remembered> = {}): Remembered {
  return {
    digest: urlDigest(url),
    seenMs: 2000,
    keptMs: 1000,
    keptIn: 'run-1',
    facts: { format: 'png', bytes: 3, sha256: 'ab'.repeat(32) },
    ...change,
  };
}

function aPack(sequence: number, entries: readonly Remembered[], floor = 0): MemoryPack {
  const place = { sequence, name: 'run-1.1' };
  return { grouping: GROUPING, group: GROUP, place, floor, head: HEAD, entries };
}

function aMark(sequence: number, change: Partial<MemoryMark> = {}): MemoryMark {
  const place = { sequence, name: 'run-1.1' };
  return { grouping: GROUPING, group: GROUP, place, floor: 0, head: HEAD, ...change };
}

/** What a page named that has so many images. */
function aDocument(url: string, images: number): KeptDocument {
  const document = {
    kind: 'page' as const,
    title: 'A page',
    images: Array.from({ length: images }, (_, at) => ({ url: `${url}/${at * 7919}.png` })),
    links: [{ url: `${url}/next`, kind: 'page' as const, isSequel: true }],
    notFollowed: 2,
    isCut: false,
  };
  return { document, nofollow: false };
}

/** A pack of results, each of which says something to later runs. */
function results(part: number, all: readonly SettledResult[]): ResultPack {
  return { runId: 'run-1', group: GROUP, hold: 1, part, results: all };
}

function aResult(url: string, change: Partial<SettledResult> = {}): SettledResult {
  return settledResult(url, { runId: 'run-1', ...change });
}

const FACTS = {
  finalUrl: 'https://b.test/',
  contentType: 'image/png',
  format: 'png',
  width: 2,
  height: 1,
  frames: 3,
  orientation: 6,
  bytes: 10,
  sha256: 'cd'.repeat(32),
  extra: { colour: 'red' },
};

describe.each(Object.entries(LEDGERS))('memory across runs in %s', (_, make) => {
  const subject = oneForEachTest(make);
  const memory = () => subject().ledger.memory;
  const places = async () => {
    const { parts } = await memory().recall(GROUPING, GROUP);
    return parts.map(({ place }) => place.sequence);
  };
  const remembered = async () => {
    const packs = await subject().ledger.results.remembered('run-1', GROUP);
    return packs.flatMap((pack) => pack.read());
  };

  it('is empty at first', async () => {
    expect(await memory().groupings()).toEqual([]);
    const nothing = { floor: 0, unreadable: [], parts: [] };
    expect(await memory().recall(GROUPING, GROUP)).toEqual(nothing);
    expect(await remembered()).toEqual([]);
  });

  it('says in whose results it stands', async () => {
    const { results: ledger } = subject().ledger;
    await ledger.settle([results(0, [aResult('https://a.test/b.png')])], [], [aMark(1)]);
    const { parts } = await memory().recall(GROUPING, GROUP);
    expect(parts).toEqual([
      { place: { sequence: 1, name: 'run-1.1' }, head: HEAD, entries: undefined },
    ]);
    expect(await memory().groupings()).toEqual([GROUPING]);
  });

  it('is all that later runs need of a result', async () => {
    const { results: ledger } = subject().ledger;
    const part = { file: 's3://bucket/images/run-1/x.tar', offset: 512, length: 10 };
    const validity = {
      etag: '"1"',
      lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT',
      freshForMs: 60_000,
      seenMs: 2000,
      document: 'd#x/1',
    };
    const keptAt = new Date(1000).toISOString();
    const url = 'https://a.test/ü.png';
    const whole = aResult(url, { ...FACTS, ...part, validity, keptAt, keptIn: 'run-0' });
    await ledger.settle([results(0, [whole])]);
    const entry = { ...validity, digest: urlDigest(url), keptMs: 1000, keptIn: 'run-0' };
    expect(await remembered()).toEqual([{ ...entry, facts: FACTS, part }]);
  });

  it('is the last result of a URL, and nothing where that says nothing', async () => {
    const { results: ledger } = subject().ledger;
    const tag = (etag: string) => ({ validity: { etag } });
    const [a, b] = ['https://a.test/a.png', 'https://a.test/b.png'];
    await ledger.settle([results(0, [aResult(a, tag('"1"')), aResult(b, tag('"1"'))])]);
    await ledger.settle([results(1, [aResult(a), aResult(b, tag('"2"'))])]);
    const entries = (await remembered()).map(({ digest, etag }) => ({ digest, etag }));
    expect(entries).toEqual([{ digest: urlDigest(b), etag: '"2"' }]);
  });

  it('gives back entries that were moved', async () => {
    const part = { file: 's3://bucket/images/run-1/x.tar', offset: 512, length: 10 };
    const whole = anEntry('https://a.test/ü.png', { etag: '"1"', facts: FACTS, part });
    await memory().remember([aPack(1, [whole, anEntry('https://a.test/b.png')])]);
    const [moved] = (await memory().recall(GROUPING, GROUP)).parts;
    expect(moved?.entries?.digests).toEqual([whole.digest, urlDigest('https://a.test/b.png')]);
    expect(moved?.entries?.read()[0]).toEqual(whole);
  });

  it('comes in the order of its places, each part once, however often it is written', async () => {
    const [first, second] = [aPack(2, [anEntry('a')]), aPack(11, [anEntry('b')])];
    await memory().remember([second, first]);
    await memory().remember([first]);
    await subject().ledger.results.settle([], [], [aMark(5)]);
    expect(await places()).toEqual([2, 5, 11]);
  });

  it('begins at its floor', async () => {
    await memory().remember([aPack(1, [anEntry('a')]), aPack(2, [anEntry('b')])]);
    await subject().ledger.results.settle([], [], [aMark(3, { floor: 2 })]);
    expect((await memory().recall(GROUPING, GROUP)).floor).toBe(2);
    expect(await places()).toEqual([2, 3]);
  });

  it('keeps groups and groupings apart', async () => {
    await memory().remember([aPack(1, [anEntry('a')])]);
    const other = { groups: 32, hostShards: { 'a.test': 2 } };
    expect((await memory().recall(GROUPING, 'g2')).parts).toEqual([]);
    expect((await memory().recall(other, GROUP)).parts).toEqual([]);
  });

  it('has what pages named, also long ones', async () => {
    const all = Array.from({ length: 60 }, (_, at) => aDocument(`https://a.test/${at}`, at * 40));
    const edge = { grouping: GROUPING, group: GROUP, name: 'run-1.1.1', untilMs: HEAD.untilMs };
    const [found = []] = await memory().keepDocuments([{ ...edge, documents: all }]);
    expect(found).toHaveLength(60);
    for (const [at, place] of found.entries()) {
      const kept = await memory().document(GROUPING, GROUP, place ?? '');
      expect(kept?.document.images).toHaveLength(at * 40);
      expect(kept).toMatchObject({ nofollow: false, document: { notFollowed: 2 } });
    }
    expect(await memory().document(GROUPING, GROUP, 'd#nowhere/0')).toBeUndefined();
  });

  it('keeps more packs than one request writes', async () => {
    const packs = Array.from({ length: 26 }, (_, at) => aPack(at, [anEntry(`${at}`)]));
    await memory().remember(packs);
    expect(await places()).toEqual(packs.map(({ place }) => place.sequence));
  });
});

describe('memory that another version wrote', () => {
  it('is left alone, and what else is there is found', async () => {
    const { dynamo, createTable, close } = await startDynamo();
    try {
      const table = await createTable();
      const memory = new DynamoMemoryLedger({ dynamo, name: table, clock: systemClock });
      await memory.remember([aPack(1, [anEntry('a')])]);
      const head = JSON.stringify({ version: 2, what: 'nobody knows' });
      const foreign = {
        pk: memoryPartition(GROUPING, GROUP),
        sk: memoryPackKey({ sequence: 2, name: 'run-9.1' }),
        head,
        packed: new Uint8Array([1, 2, 3]),
      };
      await dynamo.send(new PutItemCommand({ TableName: table, Item: marshall(foreign) }));
      await memory.remember([aPack(3, [anEntry('c')])]);
      const { parts, unreadable } = await memory.recall(GROUPING, GROUP);
      expect(parts.map(({ place }) => place.sequence)).toEqual([1, 3]);
      expect(unreadable).toEqual([2]);
    } finally {
      await close();
    }
  });
});
