import { describe, expect, test } from 'vitest';
import { formatClock } from '../../cli/options/quantities.ts';
import { Screen } from '../../cli/output/screen.ts';
import { type OwnFault, OwnFaults } from '../../cli/run/own-faults.ts';
import { PausedHosts } from '../../cli/run/paused-hosts.ts';
import { RunNews } from '../../cli/run/run-news.ts';
import { eventOf } from '../../local/functions/function-events.ts';
import { BufferOutput } from './buffer-output.ts';

const FAULT: OwnFault = {
  kind: 'error',
  functionName: 'WorkerCrawlFunction',
  message: 'Error: my bug',
  location: 'file:///home/me/project/lambdas/worker/on-image.ts:3',
  isOfService: false,
};
const TEXT = 'error in WorkerCrawlFunction: Error: my bug (lambdas/worker/on-image.ts:3)';

function watched() {
  const told: string[] = [];
  const clock = { ms: 0 };
  const faults = new OwnFaults(
    () => clock.ms,
    (text) => told.push(text),
  );
  return { told, clock, faults };
}

describe('errors of our own', () => {
  test('each is told once, with its file and line', () => {
    const { told, faults } = watched();
    faults.add(FAULT);
    faults.add(FAULT);
    expect(told).toEqual([TEXT]);
    expect(faults.last).toBe(TEXT);
  });

  test('five different ones are told, however many there are', () => {
    const { told, faults } = watched();
    for (let at = 0; at < 20; at += 1) faults.add({ ...FAULT, message: `Error: ${at}` });
    expect(told).toHaveLength(5);
  });

  test('the same one three times and a minute without a finished URL end the run', () => {
    const { clock, faults } = watched();
    faults.progress(10);
    for (let at = 0; at < 3; at += 1) faults.add(FAULT);
    clock.ms = 59_999;
    expect(faults.verdict).toBeUndefined();
    clock.ms = 60_000;
    faults.progress(10);
    expect(faults.verdict).toBe(`the same error 3 times and no URL finished for 60 s: ${TEXT}`);
  });

  test('they do not end a run that goes forward', () => {
    const { clock, faults } = watched();
    for (let at = 0; at < 100; at += 1) {
      clock.ms += 50_000;
      faults.add(FAULT);
      faults.progress(at);
      expect(faults.verdict).toBeUndefined();
    }
  });

  test('one that came once, a minute ago, is not one that comes each time', () => {
    const { clock, faults } = watched();
    faults.add(FAULT);
    clock.ms = 1_000_000;
    expect(faults.verdict).toBeUndefined();
  });

  test('a service that does not answer is given ten minutes', () => {
    const { clock, faults } = watched();
    for (let at = 0; at < 9; at += 1) faults.add({ ...FAULT, isOfService: true });
    clock.ms = 599_999;
    expect(faults.verdict).toBeUndefined();
    clock.ms = 600_000;
    expect(faults.verdict).toContain('no URL finished for 600 s');
  });
});

test('errors of another run are not shown', () => {
  const stderr = new BufferOutput();
  const screen = new Screen({ stdout: stderr, stderr, json: false });
  const news = new RunNews(screen, { kind: 'stack', name: 'S' }, () => {});
  news.add({ ...FAULT, runId: 'run-2' }, 'run-1');
  expect(stderr.text).toBe('');
  news.add({ ...FAULT, runId: 'run-1' }, 'run-1');
  news.tellSilence(60);
  expect(stderr.text).toBe(
    `${TEXT}\nNo progress for 60 s. Last ${TEXT}. See the dashboard S in CloudWatch.\n`,
  );
});

describe('a line of a function’s log', () => {
  const line = (fields: object) =>
    JSON.stringify({ level: 'ERROR', message: 'task broke', ...fields });

  test.each([
    ['an error that code threw', { name: 'TypeError', message: 'x', location: 'a.ts:1' }, false],
    ['a refusal of a service', { name: 'Throttled', message: 'x', $metadata: {} }, true],
    ['a batch that a service does not take', { name: 'BatchIncompleteError', message: 'x' }, true],
    [
      'what the SDK throws',
      { name: 'Error', message: 'x', location: 'file:///p/node_modules/@smithy/core/index.js:9' },
      true,
    ],
    ['a server that is away', { name: 'Error', message: 'x', code: 'ECONNREFUSED' }, true],
  ])('tells of %s', (_, error, isOfService) => {
    const event = eventOf(line({ error }), 'Worker');
    const message = `${error.name}: ${error.message}`;
    expect(event).toMatchObject({ kind: 'error', functionName: 'Worker', message, isOfService });
  });

  test('tells which run it is about', () => {
    const error = { name: 'Error', message: 'x' };
    expect(eventOf(line({ error, runId: 'run-1' }), 'Worker')).toMatchObject({ runId: 'run-1' });
  });

  test('tells of a host that is paused', () => {
    const about = { level: 'INFO', message: 'host is paused', host: 'a.example' };
    const text = JSON.stringify({ ...about, reason: 'rate-limited', pauseMs: 15_000 });
    expect(eventOf(text, 'Worker')).toEqual({
      kind: 'pause',
      host: 'a.example',
      reason: 'rate-limited',
      pauseMs: 15_000,
    });
  });

  test.each(['', 'no JSON with "ERROR" in it', '{"level":"INFO","message":"ERROR"}', '"ERROR"'])(
    'tells of nothing when it is %j',
    (text) => expect(eventOf(text, 'Worker')).toBeUndefined(),
  );
});

test('a paused host is shown until its pause is over', () => {
  const clock = { ms: Date.UTC(2026, 10, 28, 12) };
  const paused = new PausedHosts(() => clock.ms);
  expect(String(paused)).toBe('');
  paused.add({ host: 'a.example', reason: 'rate-limited', pauseMs: 15_000 });
  const until = formatClock(clock.ms + 15_000);
  expect(String(paused)).toBe(`a.example paused until ${until} (rate-limited)`);
  paused.add({ host: 'b.example', reason: 'unavailable', pauseMs: 5000 });
  expect(String(paused)).toBe(`2 hosts paused, the last until ${until}`);
  expect(paused.leftMs).toBe(15_000);
  clock.ms += 15_000;
  expect([String(paused), paused.leftMs]).toEqual(['', 0]);
});
