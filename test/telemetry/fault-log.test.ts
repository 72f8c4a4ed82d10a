import { expect, test } from 'vitest';
import { FaultLog } from '../../adapters/telemetry/fault-log.ts';
import type { KeptFault } from '../../contract/kept-fault.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { RecordedTelemetry } from './recorded-telemetry.ts';

interface Kept {
  readonly runId: string;
  readonly fault: KeptFault;
}

function noted(keep: (one: Kept) => Promise<void> = async () => {}) {
  const clock = new VirtualClock();
  const kept: Kept[] = [];
  const faults = new FaultLog(
    {
      clock,
      keep: (runId, fault) => {
        kept.push({ runId, fault });
        return keep({ runId, fault });
      },
    },
    'worker',
  );
  return { clock, faults, kept };
}

const BUG = new Error('my bug');

test('nothing is written while nothing went wrong', async () => {
  const { faults, kept } = noted();
  await faults.flush();
  expect(kept).toEqual([]);
});

test('the first error is written at once, with its place', () => {
  const { faults, kept } = noted();
  faults.note(['run-1'], 'task broke', BUG);
  expect(kept).toHaveLength(1);
  expect(kept[0]?.runId).toBe('run-1');
  expect(kept[0]?.fault).toMatchObject({
    functionName: 'worker',
    message: 'Error: my bug',
    isOfService: false,
    times: 1,
  });
  expect(kept[0]?.fault.location).toMatch(/fault-log\.test\.ts:\d+$/);
});

test('an error that comes with every image is written once in five seconds, and counted', async () => {
  const { clock, faults, kept } = noted();
  for (let at = 0; at < 100; at += 1) faults.note(['run-1'], 'task broke', BUG);
  expect(kept).toHaveLength(1);
  await clock.advance(5000);
  faults.note(['run-1'], 'task broke', BUG);
  expect(kept.map(({ fault }) => fault.times)).toEqual([1, 100]);
});

test('what still waits is written at the end of the invocation', async () => {
  const { faults, kept } = noted();
  faults.note(['run-1'], 'task broke', BUG);
  faults.note(['run-1', 'run-2'], 'task broke', BUG);
  await faults.flush();
  expect(kept.map(({ runId, fault }) => [runId, fault.times])).toEqual([
    ['run-1', 1],
    ['run-1', 1],
    ['run-2', 1],
  ]);
});

test('a table that does not answer holds an invocation for two seconds and no longer', async () => {
  const { clock, faults } = noted(() => new Promise(() => {}));
  faults.note(['run-1'], 'task broke', BUG);
  const flushed = faults.flush();
  await clock.advance(2000);
  await expect(flushed).resolves.toBeUndefined();
});

test('a table that refuses is no error', async () => {
  const { faults } = noted(() => Promise.reject(new Error('throttled')));
  faults.note(['run-1'], 'task broke', BUG);
  await expect(faults.flush()).resolves.toBeUndefined();
});

test('messages without a place are bounded, and hold no secrets of URLs', async () => {
  const { faults, kept } = noted();
  for (let at = 0; at < 50; at += 1)
    faults.note(['run-1'], 'broke', `${at} at https://user:pass@a.example/b?token=${at}`);
  await faults.flush();
  expect(kept).toHaveLength(20);
  expect(kept[0]?.fault.message).toBe('0 at https://…@a.example/b?…');
  expect(kept[0]?.fault.isOfService).toBe(true);
});

test('a function that throws, and lines of errors about a run, are noted', async () => {
  const notes: (readonly [readonly string[], string, unknown])[] = [];
  let flushed = 0;
  const faults = {
    note: (...note: readonly [readonly string[], string, unknown?]) =>
      void notes.push([note[0], note[1], note[2]]),
    flush: async () => {
      flushed += 1;
    },
  };
  const telemetry = new RecordedTelemetry(new VirtualClock(), {}, { faults });
  const handler = telemetry.watch(async () => {
    telemetry.worksFor('run-1');
    telemetry.log.info('all is well', { runId: 'run-1' });
    telemetry.log.error('dead task', { runId: 'run-2', error: BUG });
    throw BUG;
  });
  await expect(handler(undefined, { awsRequestId: '1' })).rejects.toBe(BUG);
  expect(notes).toEqual([
    [['run-2'], 'dead task', BUG],
    [['run-1'], 'the function threw', BUG],
  ]);
  expect(flushed).toBe(1);
});
