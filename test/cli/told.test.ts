import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standingFolder } from '../../cli/options/folders.ts';
import { formatBytes, formatMs, formatRate, formatSeconds } from '../../cli/options/quantities.ts';
import { runTable } from '../../cli/output/run-table.ts';
import { sourceOf, stateOf, summaryOf } from '../../cli/output/summary.ts';
import { headingOf } from '../../cli/output/summary-text.ts';
import { exitCodeOf, nextSteps } from '../../cli/run/report-run.ts';
import { newRunId } from '../../cli/run/run-id.ts';
import { PROJECT } from '../../local/project.ts';
import { pageSettings } from '../page-settings.ts';
import { aList, aProgress, aRun } from './records.ts';

const PAGES = pageSettings({ maxPages: 10, sitemaps: true });

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
    base: '/home/me',
    out: '/home/me/o',
    json: false,
    strict: false,
    allowPrivate: false,
    deployment: { kind: 'here', dataDir: '/home/me/.crawl' },
  } as const;
  const CRAWL = `npm run -s --prefix ${resolve(PROJECT)} crawl --`;
  const R = '20261123T214455-x7k2';

  test.each([
    ['nothing when all is well', aProgress(), options, []],
    [
      'resume when it was stopped',
      aProgress({ ended: false, state: 'running' }),
      { ...options, allowPrivate: true, workers: '4', inFlight: '9' },
      [`Resume with: ${CRAWL} resume ${R} --allow-private --workers 4 --in-flight 9`],
    ],
    [
      'resume with the key that signs requests',
      aProgress({ ended: false, state: 'running' }),
      { ...options, botKey: 'bot/key.json', botOrigin: 'https://bot.test', botForm: 'string' },
      [
        `Resume with: ${CRAWL} resume ${R} --bot-key bot/key.json --bot-origin https://bot.test --bot-form string`,
      ],
    ],
    [
      'resume when it was cancelled',
      aProgress({ state: 'cancelled' }),
      { ...options, deployment: { kind: 'here', dataDir: '/home/me/a b' } } as const,
      [`Resume with: ${CRAWL} resume ${R} --data 'a b'`],
    ],
    [
      'retry for a reason that may pass',
      aProgress({ failed: 3, reasons: { timeout: 2, 'not-found': 1 } }),
      options,
      [`Retry 2 URLs that failed temporarily: ${CRAWL} retry ${R}`],
    ],
    [
      'a command that works, from inside the project',
      aProgress({ failed: 1, reasons: { timeout: 1 } }),
      { ...options, base: PROJECT, deployment: { kind: 'stack', name: 'S' } } as const,
      [`Retry 1 URL that failed temporarily: npx crawl retry ${R} --stack S`],
    ],
    [
      'private addresses, where they were not allowed',
      aProgress({ failed: 2, reasons: { 'address-blocked': 2 } }),
      options,
      [`2 URLs at private addresses not fetched. To fetch: ${CRAWL} retry ${R} --allow-private`],
    ],
    [
      'none of ours to stop in a stack',
      aProgress({ ended: false, state: 'running' }),
      { ...options, deployment: { kind: 'stack', name: 'S' } } as const,
      [`The stack continues with it. To see its progress: ${CRAWL} status ${R} --stack S`],
    ],
  ])('%s', (_, progress, given, steps) => {
    expect(nextSteps({ cancelled: false }, progress, given)).toEqual(steps);
  });

  test('finish a cancellation that was interrupted', () => {
    const open = aProgress({ ended: false, state: 'cancelled' });
    expect(nextSteps({ cancelled: true }, open, options)).toEqual([
      `The cancellation is not complete: some URLs are still open. Finish it with: ${CRAWL} cancel ${R}`,
    ]);
  });
});

test('the summary has its fields in their order', () => {
  const progress = aProgress({ targets: 3, succeeded: 2, failed: 1, reasons: { timeout: 1 } });
  expect(JSON.stringify(summaryOf({ run: aRun(), progress, works: false }, '/o'))).toBe(
    '{"runId":"20261123T214455-x7k2","state":"done","source":"list.txt",' +
      '"started":"1970-01-01T00:16:40.000Z","targets":3,"succeeded":2,"failed":1,"skipped":0,' +
      '"reasons":{"timeout":1},"bytes":0,"seconds":2,"imagesPerSecond":1,"out":"/o"}',
  );
});

test.each([
  [{ ended: true, state: 'done' }, false, 'done'],
  [{ ended: false, state: 'running' }, true, 'running'],
  [{ ended: false, state: 'seeding' }, false, 'stopped'],
  [{ ended: false, state: 'cancelled' }, false, 'stopped'],
] as const)('%j that something works on (%j) is %s', (progress, works, state) => {
  expect(stateOf({ progress: aProgress(progress), works })).toBe(state);
});

test('the source of a run is its list, not the rounds of retries', () => {
  expect(sourceOf([aList(0), aList(1)])).toBe('list.txt');
  expect(sourceOf([aList(0), aList(0), aList(0)])).toBe('list.txt and 2 more');
});

describe('the heading of a run says what came of it', () => {
  test.each([
    ['finished: 0 of 2,000 images downloaded', aRun(), { targets: 2000, failed: 2000 }],
    [
      'cancelled: 1 of 1 image downloaded',
      aRun(),
      { state: 'cancelled', targets: 1, succeeded: 1 },
    ],
    [
      'stopped: 16 of 2,000 URLs finished',
      aRun(),
      { ended: false, state: 'running', targets: 2000, succeeded: 10, failed: 6 },
    ],
    [
      'finished: 5 images downloaded, 2 pages read',
      aRun({ settings: { ...aRun().settings, pages: PAGES } }),
      { targets: 9, succeeded: 7, documents: 2, skipped: 2 },
    ],
  ] as const)('%s', (heading, run, progress) => {
    expect(headingOf({ run, progress: aProgress(progress), works: false })).toBe(heading);
  });
});

test('the table of runs is aligned', () => {
  const run = aRun({ startedMs: new Date(2026, 10, 23, 9, 5).getTime() });
  const runs = [
    { run, progress: aProgress({ targets: 12_345 }), works: false },
    { run, progress: aProgress({ state: 'cancelled', bytes: 1e9 }), works: false },
  ];
  expect(runTable(runs)).toEqual([
    'RUN                   STATE      STARTED             URLS  SUCCEEDED  FAILED  SKIPPED   BYTES   TIME  SOURCE',
    '20261123T214455-x7k2  finished   2026-11-23 09:05  12,345          0       0        0     0 B  2.0 s  list.txt',
    '20261123T214455-x7k2  cancelled  2026-11-23 09:05       0          0       0        0  1.0 GB  2.0 s  list.txt',
  ]);
});
