import { expect, it } from 'vitest';
import { usualNumber } from '../../cli/run-settings.ts';
import { runItem } from '../../contract/items.ts';
import { aRun } from '../cli/records.ts';

it('a run from before there was a limit of pixels has the usual one', () => {
  const run = aRun();
  const { maxPixels: _, ...older } = run.settings;
  const read = runItem.parse({ ...run, settings: older });
  expect(read.settings).toEqual({ ...older, maxPixels: Number(usualNumber('maxPixels')) });
});

it('a run keeps the limit of pixels that was asked for', () => {
  const run = aRun();
  const settings = { ...run.settings, maxPixels: 7 };
  expect(runItem.parse({ ...run, settings }).settings).toEqual(settings);
});
