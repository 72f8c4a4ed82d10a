import { describe, expect, it } from 'vitest';
import { RESULT_LIMITS } from '../../../contract/limits.ts';
import type { SettledResult } from '../../../core/model/result.ts';
import { urlDigest } from '../../../core/model/url-digest.ts';
import type { KeptPack, PackPlace, SettledUrl } from '../../../core/ports/ledger.ts';
import { GroupHold } from '../../../core/worker/group-hold.ts';
import { indexGroup } from '../../../core/worker/index-group.ts';
import { settledResult } from '../../worker/records.ts';

const A = 'http://a.test/a';
const B = 'http://a.test/b';

function aResult(url: string, change: Partial<SettledResult> = {}): SettledResult {
  return settledResult(url, { taskId: 't1', ...change });
}

function aPack(place: PackPlace | undefined, ...results: readonly SettledResult[]): KeptPack {
  return { place, results: results.map((one): SettledUrl => ({ ...one, bytes: 0 })) };
}

function entered(hold: number, ...packs: readonly KeptPack[]): GroupHold {
  const group = new GroupHold('run-1', 'g1');
  group.learn({ hold, index: [], packs });
  return group;
}

describe('what is known of a group', () => {
  it('is the last result of the highest round', () => {
    const hold = entered(
      3,
      aPack({ hold: 1, part: 0 }, aResult(A, { taskId: 'old' }), aResult(B, { round: 1 })),
      aPack({ hold: 2, part: 0 }, aResult(A, { taskId: 'new' }), aResult(B, { taskId: 'late' })),
    );
    expect(hold.find(A)?.settled?.taskId).toBe('new');
    expect(hold.find(B)).toMatchObject({ round: 1 });
  });

  it('says whether a reason may have passed', () => {
    const failed = { status: 'failed', reason: 'timeout' } as const;
    const hold = entered(2, aPack({ hold: 1, part: 0 }, aResult(A, failed), aResult(B)));
    expect([A, B].map((url) => hold.find(url)?.passing)).toEqual([true, false]);
  });

  it('grows when it is entered again, and keeps what was written since', () => {
    const hold = entered(1);
    const pack = hold.pack([aResult(A)]);
    hold.learn({ hold: 3, index: [], packs: [aPack({ hold: 2, part: 0 }, aResult(B))] });
    expect(hold.find(A)).toBeUndefined();
    hold.packKept(pack);
    expect([A, B].map((url) => hold.find(url)?.round)).toEqual([0, 0]);
    expect(hold.pack([aResult('c')])).toMatchObject({ hold: 3, part: 0 });
  });
});

describe('the index of a group', () => {
  it('covers packs whose tasks are done', () => {
    const hold = entered(1);
    const failed = { status: 'failed', reason: 'timeout', round: 2 } as const;
    hold.packKept(hold.pack([aResult(A), aResult(B, failed)]));
    expect(hold.nextIndex(RESULT_LIMITS.indexResults)).toBeUndefined();
    hold.taskDone('t1');
    expect(hold.nextIndex(RESULT_LIMITS.indexResults)).toEqual({
      runId: 'run-1',
      group: 'g1',
      upTo: { hold: 1, part: 0 },
      sections: [
        { round: 0, passing: false, digests: [urlDigest(A)] },
        { round: 2, passing: true, digests: [urlDigest(B)] },
      ],
    });
  });

  it('ends before the first pack of a task that is not done', () => {
    const hold = entered(
      2,
      aPack({ hold: 1, part: 0 }, aResult(A)),
      aPack({ hold: 1, part: 1 }, aResult(B, { taskId: 't2' })),
    );
    hold.packKept(hold.pack([aResult('c')]));
    hold.taskDone('t1');
    expect(hold.nextIndex(RESULT_LIMITS.indexResults)?.upTo).toEqual({ hold: 1, part: 0 });
  });

  it('ends before a pack whose write was not answered, which may be there all the same', () => {
    const hold = entered(1);
    const packs = ['a', 'b', 'c'].map((url) => hold.pack([aResult(url)]));
    hold.taskDone('t1');
    for (const pack of packs.toSpliced(1, 1)) hold.packKept(pack);
    expect(hold.nextIndex(RESULT_LIMITS.indexResults)?.upTo).toEqual({ hold: 1, part: 0 });
    // Whoever enters again sees that it is.
    hold.learn({ hold: 2, index: [], packs: [aPack({ hold: 1, part: 1 }, aResult('b'))] });
    expect(hold.nextIndex(RESULT_LIMITS.indexResults)?.upTo).toEqual({ hold: 1, part: 2 });
  });

  it('never covers what was kept from outside of a hold', () => {
    const hold = entered(1, aPack(undefined, aResult(A)));
    hold.taskDone('t1');
    expect(hold.find(A)).toBeDefined();
    expect(hold.nextIndex(RESULT_LIMITS.indexResults)).toBeUndefined();
  });

  it('goes on where it ended', () => {
    const hold = entered(1);
    hold.taskDone('t1');
    hold.packKept(hold.pack([aResult(A)]));
    hold.indexed(hold.nextIndex(RESULT_LIMITS.indexResults)?.upTo ?? { hold: 0, part: 0 });
    expect(hold.unindexed).toBe(0);
    hold.packKept(hold.pack([aResult(B)]));
    const digests = hold
      .nextIndex(RESULT_LIMITS.indexResults)
      ?.sections.flatMap((section) => section.digests);
    expect(digests).toEqual([urlDigest(B)]);
  });

  it('is split where it would not fit into an item', () => {
    const hold = entered(1);
    hold.taskDone('t1');
    for (let part = 0; part < 300; part += 1) {
      const urls = Array.from({ length: 98 }, (_, at) => `http://a.test/${part}/${at}`);
      hold.packKept(hold.pack(urls.map((url) => aResult(url))));
    }
    const [section] = hold.nextIndex(RESULT_LIMITS.indexResults)?.sections ?? [];
    expect(section?.digests.length).toBeGreaterThan(24_000);
    expect((section?.digests.length ?? 0) * 12).toBeLessThan(400_000);
  });
});

describe('indexing a group', () => {
  it('asks which tasks of earlier holds are done', async () => {
    const place = { hold: 1, part: 0 };
    const results = [aResult(A, { taskId: 't0' }), aResult(B, { taskId: 't1' })];
    const hold = entered(2, aPack(place, ...results));
    const asked: unknown[] = [];
    const written: PackPlace[] = [];
    const ports = {
      tasks: {
        doneAmong: async (runId: string, taskIds: readonly string[]) => {
          asked.push([runId, taskIds]);
          return new Set(asked.length === 1 ? ['t0'] : ['t1']);
        },
      },
      results: {
        limits: RESULT_LIMITS,
        addIndex: async ({ upTo }: { readonly upTo: PackPlace }) => void written.push(upTo),
      },
    };
    await indexGroup(hold, 3, ports);
    expect(asked).toEqual([]);
    await indexGroup(hold, 2, ports);
    expect(written).toEqual([]);
    await indexGroup(hold, 2, ports);
    expect(written).toEqual([place]);
    expect(asked).toEqual([
      ['run-1', ['t0', 't1']],
      ['run-1', ['t1']],
    ]);
    expect(hold.unindexed).toBe(0);
  });
});
