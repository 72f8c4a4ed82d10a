import { hash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EndedLine } from '../../adapters/finish/ended-run.ts';
import {
  finishInvocation,
  type InvocationEnd,
  type InvocationPorts,
} from '../../adapters/finish/finish-invocation.ts';
import { createMemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { MemoryShardObjects } from '../../adapters/memory/memory-shard-objects.ts';
import { TAR_END, tarMember } from '../../adapters/shards/tar-member.ts';
import { tablePrefix } from '../../contract/bucket-keys.ts';
import { type FinishOrder, parseFinishEvent } from '../../contract/finish-event.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { instead } from '../instead.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aRun, RUN_ID, settledResult } from '../worker/records.ts';

const GROUP = 'g1';
const manifestOf = z.object({
  shardlist: z.array(z.object({ url: z.string(), nsamples: z.int(), filesize: z.int() })),
});

/** A bucket and a table in which call number `failing` fails, once. */
class World {
  readonly shelf = new MemoryShardObjects();
  readonly ledger = createMemoryLedger();
  readonly clock = new VirtualClock();
  /** Names of those that other runs refer to. */
  readonly sharedShards = new Set<string>();
  calls = 0;
  failing = 0;
  invocations = 1;
  hasEnded = true;
  #names = 0;

  /** A shard of these images; those with a URL have a result. */
  async shard(name: string, images: Readonly<Record<string, readonly string[]>>): Promise<void> {
    const file = this.shelf.uriOf(`images/${RUN_ID}/${name}.tar`);
    const pieces: Uint8Array[] = [];
    const results: SettledResult[] = [];
    let end = 0;
    for (const [text, urls] of Object.entries(images)) {
      const bytes = Buffer.from(text.repeat(600));
      const sha256 = hash('sha256', bytes, 'hex');
      const place = { file, offset: end + 512, length: bytes.length };
      results.push(...urls.map((url) => settledResult(url, { ...place, sha256, format: 'png' })));
      const member = tarMember(`${sha256}.png`, bytes);
      pieces.push(member);
      end += member.byteLength;
    }
    await this.shelf.put(`images/${RUN_ID}/${name}.tar`, Buffer.concat([...pieces, TAR_END]));
    const { hold } = await this.ledger.results.enter(RUN_ID, GROUP);
    if (results.length > 0)
      await this.ledger.results.settle([{ runId: RUN_ID, group: GROUP, hold, part: 0, results }]);
  }

  /** Finishes the run in invocations that have time for one step, or for all. */
  async finish(graceMs = 0, isLate = false): Promise<Omit<InvocationEnd, 'order'>> {
    const ports = this.#ports(graceMs);
    for (let order: FinishOrder = { runId: RUN_ID }; ; ) {
      const end = await finishInvocation(order, () => isLate, ports);
      if (end.kind !== 'hand-over') return end;
      this.invocations += 1;
      order = parseFinishEvent(JSON.parse(JSON.stringify(end.order)));
    }
  }

  #ports(graceMs: number): InvocationPorts {
    const { ledger, shelf, clock } = this;
    const linesOf = async function* (): AsyncGenerator<EndedLine> {
      for (const result of ledger.results.all(RUN_ID)) yield { kind: 'settled', result };
    };
    const groups = [{ group: GROUP, results: ledger.results.all(RUN_ID).length }];
    const failing = this.#failingAt(shelf);
    return {
      clock,
      newName: () => {
        this.#names += 1;
        return `new-${this.#names}`;
      },
      shelf: instead(failing, {
        uriOf: (key) => shelf.uriOf(key),
        list: async function* (prefix) {
          yield* failing.list(prefix);
        },
      }),
      ledger: this.#failingAt(ledger.results),
      runs: this.#failingAt(ledger.runs),
      tables: {
        write: async (key, rows) => {
          const urls: string[] = [];
          for await (const { url, file } of rows) urls.push(`${url} ${file}`);
          await failing.write(key, Buffer.from(urls.join('\n')));
        },
      },
      freeShards: async (uris) => uris.filter((uri) => !this.sharedShards.has(basename(uri))),
      hasEnded: async () => this.hasEnded,
      readEnded: async ({ runId }) => ({ runId, groups, linesOf, graceMs }),
    };
  }

  /** The rows of all tables. */
  get rows(): readonly string[] {
    const tables = [...this.shelf.below(tablePrefix(RUN_ID))];
    return tables.flatMap((bytes) => Buffer.from(bytes).toString().split('\n'));
  }

  /** The rows that there have to be. */
  get wanted(): readonly string[] {
    return this.ledger.results.all(RUN_ID).map(({ url, file }) => `${url} ${file}`);
  }

  /** What is wrong with the bytes that results refer to. */
  get unreadable(): readonly string[] {
    const all = this.ledger.results.all(RUN_ID);
    const wrong = all.filter(({ file = '', offset = 0, length = 0, sha256 }) => {
      const bytes = this.shelf.peek(file)?.subarray(offset, offset + length);
      return bytes === undefined || hash('sha256', bytes, 'hex') !== sha256;
    });
    return wrong.map(({ url }) => url);
  }

  get manifest() {
    const bytes = this.shelf.peek(this.shelf.uriOf(`images/${RUN_ID}/manifest.json`)) ?? [];
    return manifestOf.parse(JSON.parse(Buffer.from(bytes).toString())).shardlist;
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { uri } of this.shelf.list(`images/${RUN_ID}/`))
      if (uri.endsWith('.tar')) names.push(uri.split('/').at(-1) ?? '');
    return names;
  }

  #failingAt<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: readonly unknown[]) => {
          this.calls += 1;
          if (this.calls === this.failing) throw new Error(`call ${this.calls} fails`);
          return member.apply(target, given);
        };
      },
    });
  }
}

async function aWorld(): Promise<World> {
  const world = new World();
  world.ledger.runs.put(aRun([]));
  await world.shard('whole', { a: ['http://a/1', 'http://a/2'], b: ['http://a/3'] });
  await world.shard('partly', { c: ['http://a/4'], d: [], e: ['http://a/5', 'http://a/6'] });
  await world.shard('dead', { f: [] });
  return world;
}

describe('a run that is finished', () => {
  it('has shards of what results refer to, and a manifest of them', async () => {
    const world = await aWorld();
    expect(await world.finish()).toMatchObject({
      sums: { shards: 2, images: 4, rewritten: 1, removed: 2 },
    });
    expect(await world.names()).toEqual(['new-1-1.tar', 'whole.tar']);
    expect(world.unreadable).toEqual([]);
    expect(world.manifest).toEqual([
      { url: 'whole.tar', nsamples: 2, filesize: 4096 },
      { url: 'new-1-1.tar', nsamples: 2, filesize: 4096 },
    ]);
  });

  it('keeps what is too young to be known as dead', async () => {
    const world = await aWorld();
    await world.finish(world.clock.now() + 1);
    expect(await world.names()).toContain('dead.tar');
    expect(world.manifest.map(({ url }) => url)).not.toContain('dead.tar');
  });

  it('keeps shards that other runs refer to, and leaves them out of its manifest', async () => {
    const world = await aWorld();
    world.sharedShards.add('partly.tar').add('dead.tar');
    expect(await world.finish()).toMatchObject({ sums: { shards: 2, rewritten: 1, removed: 0 } });
    expect(await world.names()).toEqual(['dead.tar', 'new-1-1.tar', 'partly.tar', 'whole.tar']);
    expect(world.manifest.map(({ url }) => url)).toEqual(['whole.tar', 'new-1-1.tar']);
    expect(world.unreadable).toEqual([]);
    expect(await world.finish()).toMatchObject({ sums: { shards: 2, rewritten: 0, removed: 0 } });
  });

  it('is as it was when it is finished once more', async () => {
    const world = await aWorld();
    await world.finish();
    expect(await world.finish()).toMatchObject({
      sums: { shards: 2, images: 4, rewritten: 0, removed: 0 },
    });
  });

  it('has each result once in its tables, with the place that its image has', async () => {
    const world = await aWorld();
    expect(await world.finish()).toMatchObject({ sums: { tables: 1 } });
    expect(world.rows).toHaveLength(6);
    expect(world.rows).toEqual(world.wanted);
  });

  it('has no tables of an earlier time, and nothing that was kept on the way', async () => {
    const world = await aWorld();
    await world.shelf.write(`${tablePrefix(RUN_ID)}part-00007-000.parquet`, Buffer.from('old'));
    await world.finish();
    expect(world.rows).toEqual(world.wanted);
    expect([...world.shelf.below('finishing/')]).toEqual([]);
  });

  it('without shards has tables and no manifest', async () => {
    const world = new World();
    world.ledger.runs.put(aRun([]));
    const nothing = { shards: 0, images: 0, rewritten: 0, removed: 0, tables: 0 };
    expect(await world.finish()).toEqual({ kind: 'finished', sums: nothing });
    expect([...world.shelf.below('images/')]).toEqual([]);
  });

  it('is the same in invocations that have time for one step each', async () => {
    const world = await aWorld();
    expect(await world.finish(0, true)).toMatchObject({
      sums: { shards: 2, images: 4, rewritten: 1 },
    });
    expect(world.invocations).toBe(5);
    expect(world.unreadable).toEqual([]);
    expect(world.rows).toEqual(world.wanted);
  });

  it('is not touched before it has ended', async () => {
    const world = await aWorld();
    world.hasEnded = false;
    expect(await world.finish()).toEqual({ kind: 'stopped' });
    expect(await world.names()).toEqual(['dead.tar', 'partly.tar', 'whole.tar']);
  });

  it('keeps its old shards where it goes on meanwhile', async () => {
    const world = await aWorld();
    const { runs } = world.ledger;
    const { keepFinish } = runs;
    let times = 0;
    runs.keepFinish = (...given) => {
      times += 1;
      if (times === 2) runs.put(aRun([]));
      return keepFinish.apply(runs, given);
    };
    expect(await world.finish()).toEqual({ kind: 'stopped' });
    expect(await world.names()).toContain('partly.tar');
    expect(world.unreadable).toEqual([]);
  });

  it.each([false, true])(
    'loses nothing when any call fails, and is finished by the next try',
    async (isLate) => {
      const whole = await aWorld();
      await whole.finish(0, isLate);
      expect(whole.calls).toBeGreaterThan(15);
      for (let failing = 1; failing <= whole.calls; failing += 1) {
        const world = await aWorld();
        world.failing = failing;
        await expect(world.finish(0, isLate)).rejects.toThrow(`call ${failing} fails`);
        expect(world.unreadable).toEqual([]);
        await world.finish(0, isLate);
        expect([failing, world.unreadable, (await world.names()).length]).toEqual([failing, [], 2]);
        expect(world.manifest.reduce((sum, { nsamples }) => sum + nsamples, 0)).toBe(4);
        expect(world.rows.toSorted()).toEqual(world.wanted.toSorted());
      }
    },
  );
});
