import { expect, test } from 'vitest';
import { readOutput } from '../../cli/export/output-options.ts';
import { refuseWarc } from '../../cli/export/refuse-warc.ts';
import { aRun } from '../cli/records.ts';

const USUAL = { shardSize: 10_000, names: 'sha256', croissant: false };

test('nothing is written where nothing is asked for', () => {
  expect(readOutput({}, undefined)).toBeUndefined();
  expect(readOutput({ caption: 'alt' }, undefined)).toBeUndefined();
});

test('what was typed comes before what the run was started with', () => {
  const before = { ...USUAL, format: 'webdataset', caption: 'text', croissant: true } as const;
  expect(readOutput({}, before)).toEqual({ ...before, table: undefined });
  expect(readOutput({ table: 'csv', caption: 'alt', shardSize: '500' }, before)).toEqual({
    ...before,
    table: 'csv',
    caption: 'alt',
    shardSize: 500,
  });
});

test.each([
  [{ format: 'webdataset', shardSize: '0' }, '--shard-size: expected 1 to 1000000, got "0"'],
  [{ format: 'webdataset', shardSize: 'many' }, 'got "many"'],
  [{ format: 'files', names: '{nope}' }, '--names: no field {nope}'],
  [{ format: 'webdataset', names: 'url' }, 'only --format files'],
  [{ format: 'files', caption: ' ' }, '--caption: expected'],
  [{ table: 'csv', croissant: true }, 'needs --format'],
] as const)('%j is refused', (typed, problem) => {
  expect(() => readOutput(typed, undefined)).toThrow(problem);
});

test('an archive is refused of a run that kept no heads', () => {
  const output = { ...USUAL, format: 'warc' } as const;
  expect(() => refuseWarc(output, aRun())).toThrow('kept no headers');
  const { settings } = aRun();
  expect(() =>
    refuseWarc(output, aRun({ settings: { ...settings, archive: true } })),
  ).not.toThrow();
});
