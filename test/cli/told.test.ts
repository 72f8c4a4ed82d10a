import { describe, expect, test } from 'vitest';
import { standingFolder } from '../../cli/folders.ts';
import { formatBytes, formatMs, formatRate, formatSeconds } from '../../cli/quantities.ts';
import { exitCodeOf, nextSteps } from '../../cli/report-run.ts';
import { newRunId } from '../../cli/run-id.ts';
import { runTable } from '../../cli/run-table.ts';
import { summaryOf } from '../../cli/summary.ts';
import { PROJECT } from '../../local/project.ts';
import { aProgress } from './records.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [12_345, '12.3 kB'],
  [999_960, '1.0 MB'],
  [123_456_789, '123 MB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0.04, '0.0 s'],
  [9.96, '10 s'],
  [59.96, '1 min 0 s'],
  [75, '1 min 15 s'],
  [3599.9, '1 h 0 min'],
  [7500, '2 h 5 min'],
  [200_000, '2 days'],
])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

test.each([
  [0.4, '0 ms'],
  [12.4, '12 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [75_000, '1 min 15 s'],
])('%d milliseconds are %s', (ms, text) => expect(formatMs(ms)).toBe(text));

test.each([
  [0.04, '0.0'],
  [2.54, '2.5'],
  [12_345.6, '12,346'],
])('a rate of %d is %s', (rate, text) => expect(formatRate(rate)).toBe(text));

test('a run id sorts by time and is safe as a file name', () => {
  const id = newRunId(Date.UTC(2026, 10, 23, 21, 44, 55, 999), () => 0);
  expect(id).toBe('20261123T214455-2222');
  expect(newRunId(Date.now())).toMatch(/^\d{8}T\d{6}-[a-z0-9]{4}$/);
});

describe('relative paths are meant from where the person stands', () => {
  test.each([
    [
      'a script of npm',
      { npm_lifecycle_event: 'crawl', INIT_CWD: '/home/me' },
      PROJECT,
      '/home/me',
    ],
    ['npx, or another script', { npm_lifecycle_event: 'npx', INIT_CWD: '/x' }, '/here', '/here'],
    ['no npm', { INIT_CWD: '/x' }, PROJECT, PROJECT],
  ])('%s', (_, environment, cwd, expected) => {
    expect(standingFolder(environment, cwd)).toBe(expected);
  });
});

describe('exit codes', () => {
  const failed = { failed: 1, targets: 1 };
  test.each([
    ['ended', aProgress(), false, 0],
    ['ended, some failed', aProgress(failed), false, 0],
    ['ended, some failed, strict', aProgress(failed), true, 3],
    ['ended, none failed, strict', aProgress(), true, 0],
    ['cancelled, strict', aProgress({ state: 'cancelled' }), true, 3],
    ['not ended', aProgress({ ended: false, state: 'running' }), true, 1],
  ])('%s', (_, progress, strict, code) => expect(exitCodeOf(progress, strict)).toBe(code));
});

describe('next steps', () => {
  const options = {
    ...{ base: '/home/me', out: '/home/me/o', json: false, strict: false, allowPrivate: false },
    deployment: { kind: 'here', dataDir: '/home/me/.crawl' },
  } as const;
  const R = '20261123T214455-x7k2';

  test.each([
    ['nothing when all is well', aProgress(), options, []],
    [
      'resume when it was stopped',
      aProgress({ ended: false, state: 'running' }),
      { ...options, allowPrivate: true },
      [`Go on with: npx crawl resume ${R} --allow-private`],
    ],
    [
      'resume when it was cancelled',
      aProgress({ state: 'cancelled' }),
      { ...options, deployment: { kind: 'here', dataDir: '/home/me/a b' } } as const,
      [`Go on with: npx crawl resume ${R} --data 'a b'`],
    ],
    [
      'retry for a reason that may pass',
      aProgress({ failed: 3, reasons: { timeout: 2, 'not-found': 1 } }),
      options,
      [`Ask 2 targets again that may have recovered: npx crawl retry ${R}`],
    ],
    [
      'none of ours to stop in a stack',
      aProgress({ ended: false, state: 'running' }),
      { ...options, deployment: { kind: 'stack', name: 'S' } } as const,
      [`It goes on in the stack; look at it with: npx crawl status ${R} --stack S`],
    ],
  ])('%s', (_, progress, given, steps) => expect(nextSteps(progress, given)).toEqual(steps));
});

test('the summary has its fields in their order', () => {
  const progress = aProgress({ targets: 3, succeeded: 2, failed: 1, reasons: { timeout: 1 } });
  expect(JSON.stringify(summaryOf(progress, '/o'))).toBe(
    '{"runId":"20261123T214455-x7k2","targets":3,"succeeded":2,"failed":1,"skipped":0,' +
      '"reasons":{"timeout":1},"bytes":0,"seconds":2,"imagesPerSecond":1,"out":"/o"}',
  );
});

test('the table of runs is aligned', () => {
  const runs = [aProgress({ targets: 12_345 }), aProgress({ state: 'cancelled', bytes: 1e9 })];
  expect(runTable(runs)).toEqual([
    'RUN                   STATE      TARGETS  SUCCEEDED  FAILED  SKIPPED   BYTES   TIME',
    '20261123T214455-x7k2  done        12,345          0       0        0     0 B  2.0 s',
    '20261123T214455-x7k2  cancelled        0          0       0        0  1.0 GB  2.0 s',
  ]);
});
