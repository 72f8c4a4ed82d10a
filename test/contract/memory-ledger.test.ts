import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoMemoryLedger } from '../../adapters/aws/dynamo-memory-ledger.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { memoryPackKey, memoryPartition } from '../../contract/table-keys.ts';
import { urlDigest } from '../../core/model/url-digest.ts';
import type { MemoryPack } from '../../core/ports/memory.ts';
import type { MemoryHead, Remembered } from '../../core/ports/remembered.ts';
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

/** A page that names so many images. */
function aPage(url: string, images: number): Remembered {
  const document = {
    kind: 'page' as const,
    title: 'A page',
    images: Array.from({ length: images }, (_, at) => ({ url: `${url}/${at * 7919}.png` })),
    links: [{ url: `${url}/next`, kind: 'page' as const, isSequel: true }],
    notFollowed: 2,
    isCut: false,
  };
  const source = { kind: 'new' as const, document: { document, nofollow: false } };
  return anEntry(url, { facts: { bytes: 9 }, document: source });
}

describe.each(Object.entries(LEDGERS))('memory across runs in %s', (_, make) => {
  const subject = oneForEachTest(make);
  const memory = () => subject().ledger.memory;
  const recalled = async () => {
    const { packs, floor, unreadable } = await memory().recall(GROUPING, GROUP);
    return { floor, unreadable, entries: packs.map((pack) => pack.read()) };
  };

  it('is empty at first', async () => {
    expect(await memory().groupings()).toEqual([]);
    expect(await recalled()).toEqual({ floor: 0, unreadable: [], entries: [] });
  });

  it('gives back all that is known of a URL, and what its pack says', async () => {
    const whole = anEntry('https://a.test/ü.png', {
      etag: '"1"',
      lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT',
      freshForMs: 60_000,
      facts: {
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
      },
    });
    await memory().remember([aPack(1, [whole, anEntry('https://a.test/b.png')])]);
    const { packs } = await memory().recall(GROUPING, GROUP);
    expect(packs.map(({ place, head, digests }) => ({ place, head, digests }))).toEqual([
      {
        place: { sequence: 1, name: 'run-1.1' },
        head: HEAD,
        digests: [whole.digest, urlDigest('https://a.test/b.png')],
      },
    ]);
    expect(packs[0]?.read()[0]).toEqual(whole);
    expect(await memory().groupings()).toEqual([GROUPING]);
  });

  it('comes in the order of its places, each pack once, however often it is written', async () => {
    const [first, second] = [aPack(2, [anEntry('a')]), aPack(11, [anEntry('b')])];
    await memory().remember([second, first]);
    await memory().remember([first]);
    const { packs } = await memory().recall(GROUPING, GROUP);
    expect(packs.map(({ place }) => place.sequence)).toEqual([2, 11]);
  });

  it('begins at its floor', async () => {
    await memory().remember([aPack(1, [anEntry('a')]), aPack(2, [anEntry('b')])]);
    await memory().remember([aPack(3, [anEntry('c')], 2)]);
    const { packs, floor } = await memory().recall(GROUPING, GROUP);
    expect(floor).toBe(2);
    expect(packs.map(({ place }) => place.sequence)).toEqual([2, 3]);
  });

  it('keeps groups and groupings apart', async () => {
    await memory().remember([aPack(1, [anEntry('a')])]);
    const other = { groups: 32, hostShards: { 'a.test': 2 } };
    expect((await memory().recall(GROUPING, 'g2')).packs).toEqual([]);
    expect((await memory().recall(other, GROUP)).packs).toEqual([]);
  });

  it('has what pages named, also long ones', async () => {
    const pages = Array.from({ length: 60 }, (_, at) => aPage(`https://a.test/${at}`, at * 40));
    await memory().remember([aPack(1, [...pages, anEntry('https://a.test/x.png')])]);
    const [entries = []] = (await recalled()).entries;
    expect(entries).toHaveLength(61);
    for (const [at, { document }] of entries.slice(0, 60).entries()) {
      if (document?.kind !== 'kept') throw new Error('expected a place');
      const kept = await memory().document(GROUPING, GROUP, document.place);
      expect(kept?.document.images).toHaveLength(at * 40);
      expect(kept).toMatchObject({ nofollow: false, document: { notFollowed: 2 } });
    }
    expect(await memory().document(GROUPING, GROUP, 'd#nowhere/0')).toBeUndefined();
  });

  it('keeps more packs than one request writes', async () => {
    const packs = Array.from({ length: 26 }, (_, at) => aPack(at, [anEntry(`${at}`)]));
    await memory().remember(packs);
    expect((await recalled()).entries.flat()).toEqual(packs.flatMap(({ entries }) => entries));
  });
});

describe('memory that another version wrote', () => {
  it('is left alone, and what else is there is found', async () => {
    const { dynamo, createTable, close } = await startDynamo();
    try {
      const table = await createTable();
      const memory = new DynamoMemoryLedger(dynamo, table, systemClock);
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
      const { packs, unreadable } = await memory.recall(GROUPING, GROUP);
      expect(packs.map(({ place }) => place.sequence)).toEqual([1, 3]);
      expect(unreadable).toEqual([2]);
    } finally {
      await close();
    }
  });
});
