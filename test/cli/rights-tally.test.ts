import { expect, test } from 'vitest';
import { auditLines } from '../../cli/commands/audit.ts';
import { RightsTally } from '../../cli/run/rights-tally.ts';
import type { ResultBody } from '../../contract/items.ts';
import { aResult, aRun } from './records.ts';

type Said = NonNullable<ResultBody['rights']>[number];

const NO_TRAINING: Said = {
  signal: 'content-usage',
  where: 'robots.txt',
  value: 'train-ai=n',
  positions: { train: 'reserved' },
};
const SEARCH: Said = {
  signal: 'plus',
  where: 'image',
  value: 'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING',
  positions: { train: 'reserved', search: 'allowed' },
};

function tallyOf(...results: readonly Partial<ResultBody>[]): RightsTally {
  const tally = new RightsTally();
  for (const result of results) tally.add(aResult(result));
  return tally;
}

test('statements are summed up by signal, purpose and position, each picture once', () => {
  const tally = tallyOf(
    { status: 'skipped', reason: 'reserved', rights: [NO_TRAINING, NO_TRAINING] },
    { rights: [NO_TRAINING, SEARCH] },
    {},
    { kind: 'page' },
    { status: 'skipped', reason: 'payment-required' },
    { status: 'failed', reason: 'not-found' },
  );
  expect(tally.ends).toEqual({
    kept: 2,
    keptWithStatements: 1,
    reserved: 1,
    optedOut: 0,
    paymentRequired: 1,
  });
  expect(tally.sums).toEqual([
    { signal: 'content-usage', purpose: 'train', position: 'reserved', kept: 1, notKept: 1 },
    { signal: 'plus', purpose: 'train', position: 'reserved', kept: 1, notKept: 0 },
    { signal: 'plus', purpose: 'search', position: 'allowed', kept: 1, notKept: 0 },
  ]);
});

test('the statements that were made of most pictures come first', () => {
  const tally = tallyOf({ rights: [SEARCH] }, { rights: [NO_TRAINING] }, { rights: [NO_TRAINING] });
  expect(tally.evidence(1)).toEqual([
    { ...NO_TRAINING, url: 'http://a.example/1.png', kept: 2, notKept: 0 },
  ]);
  expect(tally.statements).toBe(2);
});

test('different statements without end take bounded memory, and are counted', () => {
  const many = Array.from({ length: 10_005 }, (_, at) => {
    return { rights: [{ ...NO_TRAINING, value: `train-ai=n, a${at}` }] };
  });
  const tally = tallyOf(...many);
  expect(tally.statements).toBe(10_005);
  expect(tally.evidence(20_000)).toHaveLength(10_000);
});

test('an audit is told in lines', () => {
  const lines = auditLines(aRun(), tallyOf({ rights: [NO_TRAINING] }));
  expect(lines).toEqual([
    'run 20261123T214455-x7k2 for train, ai-input, search, tdm, keep',
    '1 picture kept, 1 of them with a statement',
    'skipped: 0 reserved, 0 opted-out, 0 payment-required',
    '',
    'SIGNAL         PURPOSE  SAYS      KEPT  NOT KEPT',
    'content-usage  train    reserved     1         0',
    '',
    'content-usage (robots.txt): train-ai=n',
    '  1 kept, 0 not kept, as http://a.example/1.png',
  ]);
});

test('an audit of a run that did not ask says so', () => {
  const { settings } = aRun();
  const lines = auditLines(aRun({ settings: { ...settings, ignoreRobots: true } }), tallyOf({}));
  expect(lines[0]).toBe('run 20261123T214455-x7k2 ignored what owners say (--ignore-robots)');
  expect(lines.at(-1)).toBe('no statements were found');
});
