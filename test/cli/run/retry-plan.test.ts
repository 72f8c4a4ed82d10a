import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ListSource } from '../../../adapters/seeds/list-source.ts';
import { openFile } from '../../../adapters/seeds/open-file.ts';
import { isCancelled, isPassing, planRetry } from '../../../cli/run/retry-plan.ts';
import { withHookColumns } from '../../../cli/run/run-lines.ts';
import type { ResultBody } from '../../../contract/items.ts';
import { parseSeedTarget } from '../../../contract/seed-target.ts';
import { encodeColumns } from '../../../core/model/given-columns.ts';
import { REASON_NAMES, type Reason, verdictOf } from '../../../core/model/outcome.ts';
import type { Run } from '../../../core/model/run.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { aResult, aRun } from '../records.ts';

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

test('a retry gives hooks the columns again that the row of a URL has', async () => {
  const folder = await freshFolder();
  const listPath = join(folder, 'list.csv');
  const url = 'http://a/1';
  await writeFile(listPath, `url,TEXT\nhttp://b/,x\n${url},a cat\n${url},another\n`);
  const location = pathToFileURL(listPath).href;
  const list = { name: 'list.csv', location, format: 'csv', gzip: false, round: 0 } as const;
  const run = aRun({ lists: [{ ...list, hookColumns: ['TEXT'] }] });
  async function* failed(): AsyncGenerator<ResultBody> {
    yield aResult({ url, reason: 'timeout', status: 'failed' });
  }
  const lost: string[] = [];
  const again = async (lists: Run['lists']) => {
    const path = join(folder, 'again');
    const source = new ListSource(openFile);
    const results = withHookColumns(failed(), { ...run, lists }, source, (one) => lost.push(one));
    await planRetry(results, isPassing, path);
    return parseSeedTarget(await readFile(path, 'utf8'));
  };
  expect(await again(run.lists)).toEqual({ url, columnsJson: encodeColumns({ TEXT: 'a cat' }) });
  await rm(listPath);
  expect(await again(run.lists)).toEqual({ url });
  expect(lost).toEqual([expect.stringContaining('hooks get no columns of its lists')]);
});

test('resuming a cancelled run asks what was cancelled', async () => {
  expect(await plan(isCancelled)).toEqual({
    targets: 1,
    superseded: { cancelled: 1 },
    urls: ['http://a/cancelled'],
  });
});
