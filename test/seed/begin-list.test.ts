import { describe, expect, it } from 'vitest';
import { MemoryRunLedger } from '../../adapters/memory/memory-run-ledger.ts';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import type { KeptList, ListKeeper } from '../../core/ports/list-keeper.ts';
import { beginList, type ListOffer } from '../../core/seed/begin-list.ts';

const OFFER: ListOffer = {
  key: 'inbox/today.csv.gz',
  etag: 'abc',
  offeredMs: Date.parse('2026-11-25T03:00:00Z'),
};
const KEPT: KeptList = { kind: 'kept', location: 's3://bucket/seeds/x/0', gzip: true };

/** A bucket whose lists are kept as it is told, and counted. */
class CountedLists implements ListKeeper {
  copies = 0;
  readonly #answer: KeptList;

  constructor(answer: KeptList) {
    this.#answer = answer;
  }

  async keep(): Promise<KeptList> {
    this.copies += 1;
    return this.#answer;
  }
}

function world(answer: KeptList = KEPT) {
  const runs = new MemoryRunLedger();
  const lists = new CountedLists(answer);
  const grouping = { groups: 32, hostShards: {} };
  const ports = {
    settings: RUN_DEFAULTS,
    grouping,
    field: 'image',
    keep: ['TEXT'],
    hashField: 'md5',
  };
  const begin = (change: Partial<ListOffer> = {}) =>
    beginList({ ...OFFER, ...change }, { ...ports, runs, lists });
  return { runs, lists, begin };
}

describe('a list that is offered', () => {
  it('becomes a run of the settings of the deployment', async () => {
    const { runs, begin } = world();
    const begun = await begin();
    expect(begun).toEqual({
      kind: 'begun',
      runId: expect.stringMatching(/^20261125T030000-\w{8}$/),
    });
    const run = await runs.read(begun.kind === 'begun' ? begun.runId : '');
    expect(run).toMatchObject({
      settings: RUN_DEFAULTS,
      startedMs: OFFER.offeredMs,
      seeding: 'open',
      cancelled: false,
      lists: [
        {
          name: 'inbox/today.csv.gz',
          location: 's3://bucket/seeds/x/0',
          round: 0,
          format: 'csv',
          field: 'image',
          gzip: true,
          keep: ['TEXT'],
          hashField: 'md5',
        },
      ],
    });
  });

  it('is one run, however often its event comes, and what it has come to stays', async () => {
    const { runs, lists, begin } = world();
    const first = await begin();
    const runId = first.kind === 'begun' ? first.runId : '';
    const run = await runs.read(runId);
    if (run !== undefined) runs.put({ ...run, cancelled: true });
    expect(await begin()).toEqual(first);
    expect(lists.copies).toBe(1);
    expect(await runs.read(runId)).toMatchObject({ cancelled: true });
  });

  it.each([{ key: 'inbox/b.txt' }, { etag: 'def' }, { offeredMs: OFFER.offeredMs + 1 }])(
    'is another run when it differs in %j',
    async (change) => {
      const { begin } = world();
      expect(await begin(change)).not.toEqual(await begin());
    },
  );

  it('is no run when it is refused', async () => {
    const refused: KeptList = { kind: 'refused', problem: 'it is empty' };
    const { begin } = world(refused);
    expect(await begin()).toEqual(refused);
  });
});
