import { describe, expect, it } from 'vitest';
import type { Run } from '../../../core/model/run.ts';
import type { RunLedger, RunLook } from '../../../core/ports/run-ledger.ts';
import { RunWatch, UnknownRunError } from '../../../core/worker/run-watch.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { aRun } from '../../worker/records.ts';

/** Counts reads, gives what it is told to; checkpoints are not planned. */
class CountedRuns implements RunLedger {
  reads = 0;
  isStopped = false;
  answer: (runId: string) => Promise<Run | undefined> = async (runId) => ({ ...aRun([]), runId });

  read(): never {
    throw new Error('nobody planned a read of the run alone');
  }

  async look(runId: string): Promise<RunLook> {
    this.reads += 1;
    return { run: await this.answer(runId), isStopped: this.isStopped };
  }

  addCost(): never {
    throw new Error('nobody planned a cost');
  }

  cost(): never {
    throw new Error('nobody planned a cost');
  }

  all(): never {
    throw new Error('nobody planned a list of runs');
  }

  begin(): never {
    throw new Error('nobody planned a run');
  }

  keepWindowSize(): never {
    throw new Error('nobody planned a window');
  }

  keepFinish(): never {
    throw new Error('nobody planned an end');
  }

  checkpoint(): never {
    throw new Error('nobody planned a checkpoint');
  }
}

function aWatch() {
  const clock = new VirtualClock();
  const runs = new CountedRuns();
  return { clock, runs, watch: new RunWatch(runs, clock) };
}

describe('the record of a run', () => {
  it('is read once for all who ask at the same time', async () => {
    const { runs, watch } = aWatch();
    await Promise.all([watch.read('run-1'), watch.read('run-1'), watch.read('run-1')]);
    expect(runs.reads).toBe(1);
  });

  it('is read again when it is five seconds old', async () => {
    const { clock, runs, watch } = aWatch();
    await watch.read('run-1');
    await clock.advance(4999);
    await watch.read('run-1');
    expect(runs.reads).toBe(1);
    runs.answer = async () => ({ ...aRun([]), cancelled: true });
    await clock.advance(1);
    expect((await watch.read('run-1')).cancelled).toBe(true);
  });

  it('that was cancelled is read again for each task: the run may go on by now', async () => {
    const { runs, watch } = aWatch();
    runs.answer = async () => ({ ...aRun([]), cancelled: true });
    expect((await watch.readForTask('run-1')).cancelled).toBe(true);
    runs.answer = async () => aRun([]);
    expect((await watch.read('run-1')).cancelled).toBe(true);
    expect((await watch.readForTask('run-1')).cancelled).toBe(false);
    expect((await watch.read('run-1')).cancelled).toBe(false);
    const { reads } = runs;
    await watch.readForTask('run-1');
    expect(runs.reads).toBe(reads);
  });

  it('tells whether everything is stopped, by what was read last', async () => {
    const { clock, runs, watch } = aWatch();
    runs.isStopped = true;
    await watch.read('run-1');
    expect(watch.isStopped).toBe(true);
    runs.isStopped = false;
    await clock.advance(5000);
    await watch.read('run-1');
    expect(watch.isStopped).toBe(false);
  });

  it('is read at once where it has to be that of now', async () => {
    const { runs, watch } = aWatch();
    await watch.read('run-1');
    runs.answer = async () => ({ ...aRun([]), cancelled: true });
    expect((await watch.readNow('run-1')).cancelled).toBe(true);
  });

  it('is kept for each run by itself', async () => {
    const { runs, watch } = aWatch();
    expect((await watch.read('run-1')).runId).toBe('run-1');
    expect((await watch.read('run-2')).runId).toBe('run-2');
    expect(runs.reads).toBe(2);
  });

  it('that nobody knows is an error, asked again the next time', async () => {
    const { runs, watch } = aWatch();
    runs.answer = async () => undefined;
    await expect(watch.read('run-1')).rejects.toThrow(UnknownRunError);
    await expect(watch.read('run-1')).rejects.toThrow('no run run-1 in the ledger');
    expect(runs.reads).toBe(2);
  });

  it('that could not be read is asked for again', async () => {
    const { runs, watch } = aWatch();
    runs.answer = async () => {
      throw new Error('throttled');
    };
    await expect(watch.read('run-1')).rejects.toThrow('throttled');
    runs.answer = async () => aRun([]);
    await expect(watch.read('run-1')).resolves.toEqual(aRun([]));
  });
});
