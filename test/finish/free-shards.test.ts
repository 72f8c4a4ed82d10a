import { describe, expect, it } from 'vitest';
import { freeShards } from '../../adapters/finish/free-shards.ts';
import type { Run } from '../../core/model/run.ts';
import { aResult, aRun } from '../cli/records.ts';

const FIRST = aRun({ runId: 'run-1' });
const LATER = aRun({ runId: 'run-2' });
const ON_DISK = aRun({
  runId: 'run-3',
  settings: { ...LATER.settings, imagesFolder: '/out/images' },
});
let isLate = false;
const uriOf = (name: string) => `s3://bucket/images/run-1/${name}.tar`;

/** Runs of one bucket, of which the later one refers to these shards; and what is asked of them. */
function runs({ refersTo = [''], isRunning = false, others = [LATER] } = {}) {
  const calls: string[] = [];
  const archive = {
    markRemoved: async (runId: string, names: readonly string[]) => {
      calls.push(`mark ${runId} ${names.join()}`);
    },
    async *list() {
      calls.push('list');
      yield* [FIRST, ...others];
    },
    hasEnded: async () => !isRunning,
    async *results({ runId }: Run) {
      calls.push(`results ${runId}`);
      yield* refersTo.map((name) => aResult({ file: uriOf(name), offset: 512, length: 5 }));
    },
  };
  return { calls, deployment: { archive, worksOn: () => true } };
}

describe('shards that nothing of their own run refers to', () => {
  it('are free but for those that another run refers to', async () => {
    const { deployment } = runs({ refersTo: ['b'] });
    const free = await freeShards([uriOf('a'), uriOf('b')], FIRST, () => isLate, deployment);
    expect(free).toEqual([uriOf('a')]);
  });

  it('are not free while another run is in progress', async () => {
    const { deployment } = runs({ isRunning: true });
    expect(await freeShards([uriOf('a')], FIRST, () => isLate, deployment)).toEqual([]);
  });

  it('are told of before anything is looked at', async () => {
    const { calls, deployment } = runs();
    await freeShards([uriOf('a')], FIRST, () => isLate, deployment);
    expect(calls).toEqual(['mark run-1 a.tar', 'list', 'results run-2']);
  });

  it('are looked for only where runs may have them', async () => {
    const old = aRun({ runId: 'run-0', grouping: undefined });
    const { calls, deployment } = runs({ others: [ON_DISK, old] });
    expect(await freeShards([uriOf('a')], FIRST, () => isLate, deployment)).toEqual([uriOf('a')]);
    expect(calls).toEqual(['mark run-1 a.tar', 'list']);
  });

  it('are not free where time is over before all is known', async () => {
    isLate = true;
    const { deployment } = runs();
    expect(await freeShards([uriOf('a')], FIRST, () => isLate, deployment)).toEqual([]);
    isLate = false;
  });
});
