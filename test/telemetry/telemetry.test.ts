import { describe, expect, it } from 'vitest';
import { PRICES } from '../../contract/prices.ts';
import type { SettledResult } from '../../core/model/result.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aTask } from '../worker/records.ts';
import { RecordedTelemetry } from './recorded-telemetry.ts';

const CONTEXT = { awsRequestId: 'request' };

/** An answer that came at once. */
const MISSING = { httpStatus: 404, bytes: 40, durationMs: 0, file: undefined };

const REFUSED = { status: 'skipped', reason: 'robots-disallowed' } as const;

const aResult = (fields: Partial<SettledResult> = {}): SettledResult => ({
  runId: 'run-1',
  taskId: 'w0-g1-0',
  round: 0,
  url: 'https://a.test/0.png',
  status: 'succeeded',
  reason: null,
  bytes: 100,
  attempts: 1,
  durationMs: 7,
  file: 'images/0.png',
  fetchedAt: '2026-01-01T00:00:00Z',
  ...fields,
});

/** One invocation in which that happens; gives what was printed of it. */
async function invoke(
  telemetry: RecordedTelemetry,
  job: () => unknown,
): Promise<RecordedTelemetry['printed']> {
  telemetry.printed.length = 0;
  await telemetry.watch(async () => job())(undefined, CONTEXT);
  return telemetry.printed;
}

const valuesOf = (printed: RecordedTelemetry['printed'], runId?: string) =>
  printed.filter((line) => line.runId === runId).map(({ series, values }) => [series, values]);

describe('an invocation', () => {
  it('tells each run by itself, in as few lines as its dimensions allow', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    await invoke(telemetry, () => {});
    const printed = await invoke(telemetry, () => {
      telemetry.settled(aResult());
      telemetry.settled(aResult({ durationMs: 9 }));
      telemetry.settled(aResult({ status: 'failed', reason: 'not-found', ...MISSING }));
      telemetry.settled(aResult({ file: undefined }));
      telemetry.settled(aResult({ ...REFUSED, durationMs: 0, file: undefined }));
      telemetry.settled(aResult({ runId: 'run-2', durationMs: 0, bytes: undefined }));
      telemetry.retrying(aTask('w0-g1-0', []), 'https://a.test/', 'timeout');
      telemetry.backedOff('a.test', 'rate-limited', 5000);
      telemetry.messageEnded('run-1', 'done');
    });
    const EstimatedCost = expect.any(Number);
    expect(valuesOf(printed, 'run-1')).toEqual([
      [
        {},
        {
          BytesKept: 200,
          RobotsRefusals: 1,
          Retries: 1,
          EstimatedCost,
          FetchTime: [7, 9, 0, 7],
        },
      ],
      [{ Status: 'succeeded' }, { TargetsSettled: 3 }],
      [{ Status: 'failed' }, { TargetsSettled: 1 }],
      [{ Status: 'skipped' }, { TargetsSettled: 1 }],
      [{ Reason: 'not-found' }, { TargetsSettled: 1 }],
      [{ Reason: 'robots-disallowed' }, { TargetsSettled: 1 }],
      [{ End: 'done' }, { TasksEnded: 1 }],
    ]);
    expect(valuesOf(printed, 'run-2')).toEqual([
      [{}, { BytesKept: 0, EstimatedCost }],
      [{ Status: 'succeeded' }, { TargetsSettled: 1 }],
    ]);
    expect(valuesOf(printed)).toEqual([[{}, { HostsBackedOff: 1 }]]);
  });

  it('that is the first of its environment is a cold start', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock(), { name: 'seeder' });
    const cold = [{ Function: 'seeder' }, { ColdStarts: 1 }];
    expect(valuesOf(await invoke(telemetry, () => {}))).toContainEqual(cold);
    expect(valuesOf(await invoke(telemetry, () => {}))).not.toContainEqual(cold);
  });

  it('keeps every fetch time, a hundred a line at most', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    const times = Array.from({ length: 250 }, (_, at) => at + 1);
    const printed = await invoke(telemetry, () => {
      for (const durationMs of times) telemetry.settled(aResult({ durationMs }));
    });
    const kept = printed.map(({ values }) => [values.FetchTime ?? []].flat());
    expect(kept.flat()).toEqual(times);
    expect(Math.max(...kept.map(({ length }) => length))).toBeLessThan(100);
    expect(printed.length).toBeLessThanOrEqual(5);
  });

  it('that takes long tells each minute how far it is, and nothing twice', async () => {
    const clock = new VirtualClock();
    const telemetry = new RecordedTelemetry(clock);
    const settled: unknown[] = [];
    const printed = await invoke(telemetry, async () => {
      for (let minute = 0; minute < 3; minute += 1) {
        for (let at = 0; at < 10; at += 1) {
          telemetry.settled(aResult());
          await clock.advance(6000);
        }
        settled.push(telemetry.printed.length);
      }
    });
    const counts = printed.map(({ series, values }) =>
      'Status' in series ? [values.TargetsSettled].flat()[0] : undefined,
    );
    expect(counts.filter((count) => count !== undefined)).toEqual([11, 10, 9]);
    expect(settled[0]).toBe(0);
  });

  it('that fails is told as well, and fails', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    const failing = invoke(telemetry, () => {
      telemetry.settled(aResult());
      throw new Error('no answer');
    });
    await expect(failing).rejects.toThrow('no answer');
    expect(telemetry.printed).toContainEqual(
      expect.objectContaining({ values: { TargetsSettled: 1 } }),
    );
  });
});

describe('the estimated cost', () => {
  const costOf = (printed: RecordedTelemetry['printed'], runId?: string) =>
    printed.find((line) => line.runId === runId && 'EstimatedCost' in line.values)?.values
      .EstimatedCost;

  it('is what was asked of AWS and the time that it took, by the table of prices', async () => {
    const clock = new VirtualClock();
    const telemetry = new RecordedTelemetry(clock, { memoryMb: 2048 });
    const printed = await invoke(telemetry, async () => {
      telemetry.worksFor('run-1');
      telemetry.received(70_000);
      telemetry.bill.charge('tableWriteUnits', 25);
      await clock.advance(3000);
    });
    const { functionInvocations, functionGbSeconds, queueRequests, tableWriteUnits } = PRICES;
    const dollars =
      functionInvocations + 6 * functionGbSeconds + 3 * queueRequests + 25 * tableWriteUnits;
    expect(costOf(printed, 'run-1')).toBeCloseTo(dollars, 12);
  });

  it('is shared by the runs of an invocation, each by what was done for it', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    const printed = await invoke(telemetry, () => {
      telemetry.bill.charge('objectWrites', 100);
      for (let at = 0; at < 3; at += 1) telemetry.settled(aResult());
      telemetry.settled(aResult({ runId: 'run-2' }));
    });
    // What is kept is paid for, for a month.
    const keptGb = (4 * (aResult().bytes ?? 0)) / 1e9;
    const whole =
      PRICES.functionInvocations + 100 * PRICES.objectWrites + keptGb * PRICES.objectGbMonths;
    expect(costOf(printed, 'run-1')).toBeCloseTo((whole * 3) / 4, 12);
    expect(costOf(printed, 'run-2')).toBeCloseTo(whole / 4, 12);
    expect(costOf(printed)).toBeUndefined();
  });

  it('is of no run where an invocation is of none', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    const printed = await invoke(telemetry, () => telemetry.poisonKept());
    expect(costOf(printed)).toBeCloseTo(PRICES.functionInvocations, 12);
  });
});

describe('a line that is about no single task', () => {
  it('names the runs and the tasks of its invocation', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    const pause = (taskId: string) =>
      invoke(telemetry, () => {
        telemetry.worksFor('run-1', taskId);
        telemetry.backedOff('a.test', 'unavailable', 2000);
      });
    await pause('w0-g1-0');
    await pause('w0-g2-0');
    const told = { host: 'a.test', reason: 'unavailable', pauseMs: 2000, runIds: ['run-1'] };
    expect(telemetry.said.map(({ fields }) => fields)).toEqual([
      { ...told, taskIds: ['w0-g1-0'] },
      { ...told, taskIds: ['w0-g2-0'] },
    ]);
  });
});

describe('debug lines', () => {
  it('tell each target of an invocation that is in the sample', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock(), {}, { isDebug: true });
    await invoke(telemetry, () => telemetry.settled(aResult()));
    expect(telemetry.said).toEqual([
      {
        level: 'debug',
        message: 'settled',
        fields: expect.objectContaining({ runId: 'run-1', taskId: 'w0-g1-0', status: 'succeeded' }),
      },
    ]);
  });

  it('are not even made for the others', async () => {
    const telemetry = new RecordedTelemetry(new VirtualClock());
    await invoke(telemetry, () => telemetry.settled(aResult()));
    expect(telemetry.said).toEqual([]);
  });
});
