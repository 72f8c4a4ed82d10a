import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCancelled, isPassing, planRetry } from '../../../cli/run/retry-plan.ts';
import type { ResultBody } from '../../../contract/items.ts';
import { parseSeedTarget } from '../../../contract/seed-target.ts';
import { REASON_NAMES, type Reason, verdictOf } from '../../../core/model/outcome.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { aResult } from '../records.ts';

async function* everyReason(): AsyncGenerator<ResultBody> {
  yield aResult();
  for (const reason of REASON_NAMES)
    yield aResult({ url: `http://a/${reason}`, reason, status: verdictOf(reason).status });
}

async function plan(isWanted: (reason: Reason) => boolean) {
  const folder = await freshFolder();
  const path = join(folder, 'again');
  const planned = await planRetry(everyReason(), isWanted, path);
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  return { ...planned, urls: lines.map((line) => parseSeedTarget(line)?.url) };
}

test('a retry asks what ended for a reason that may have passed, and nothing else', async () => {
  const passing = REASON_NAMES.filter((reason) => verdictOf(reason).passing);
  expect(passing).toContain('timeout');
  expect(passing).not.toContain('not-found');
  const { targets, superseded, urls } = await plan(isPassing);
  expect(urls).toEqual(passing.map((reason) => `http://a/${reason}`));
  expect(superseded).toEqual(Object.fromEntries(passing.map((reason) => [reason, 1])));
  expect(targets).toBe(passing.length);
});

test('a retry asks for a URL in the spelling in which it was asked before', async () => {
  const folder = await freshFolder();
  const path = join(folder, 'again');
  const target = { url: 'http://a/~x', foundAs: 'HTTP://a/%7ex?' };
  async function* failed(): AsyncGenerator<ResultBody> {
    yield aResult({ ...target, reason: 'timeout', status: 'failed' });
  }
  await planRetry(failed(), isPassing, path);
  expect(parseSeedTarget(await readFile(path, 'utf8'))).toEqual(target);
});

test('resuming a cancelled run asks what was cancelled', async () => {
  expect(await plan(isCancelled)).toEqual({
    targets: 1,
    superseded: { cancelled: 1 },
    urls: ['http://a/cancelled'],
  });
});
