import { expect, it } from 'vitest';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import { runItem } from '../../contract/run-record.ts';
import { groupingOf, OldLayoutError } from '../../core/model/run-grouping.ts';
import { aRun } from '../cli/records.ts';

it('a run from before there was a limit of pixels has the usual one', () => {
  const run = aRun();
  const { maxPixels: _, ...older } = run.settings;
  const read = runItem.parse({ ...run, settings: older });
  expect(read.settings).toEqual({ ...older, maxPixels: RUN_DEFAULTS.maxPixels });
});

it('a run from before there were least sizes has none', () => {
  const run = aRun();
  const { minWidth: _, minHeight: __, minBytes: ___, ...older } = run.settings;
  const read = runItem.parse({ ...run, settings: older });
  expect(read.settings).toMatchObject({ minWidth: 0, minHeight: 0, minBytes: 0 });
});

it('a run from before purposes were declared has all of them', () => {
  const run = aRun();
  const { purposes: _, ...older } = run.settings;
  const read = runItem.parse({ ...run, settings: older });
  expect(read.settings.purposes).toEqual(['train', 'ai-input', 'search', 'tdm', 'keep']);
});

it('a run keeps the purposes that were declared', () => {
  const run = aRun();
  const settings = { ...run.settings, purposes: ['keep', 'search', 'keep'] };
  expect(runItem.parse({ ...run, settings }).settings.purposes).toEqual(['keep', 'search']);
});

it('a run keeps the limit of pixels that was asked for', () => {
  const run = aRun();
  const settings = { ...run.settings, maxPixels: 7 };
  expect(runItem.parse({ ...run, settings }).settings).toEqual(settings);
});

it('a run keeps how hosts are put into groups; that of an older version has nothing to say', () => {
  const run = aRun({ grouping: { groups: 7, hostShards: { 'a.example': 2 } } });
  expect(groupingOf(runItem.parse(run))).toEqual(run.grouping);
  const { grouping: _, ...older } = run;
  const read = runItem.parse(older);
  expect(() => groupingOf(read)).toThrow(OldLayoutError);
  expect(() => groupingOf(read)).toThrow(run.runId);
});
