import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { RunArchive } from '../../adapters/aws/run-archive.ts';
import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { RunChangedError } from '../../adapters/aws/run-changed-error.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import type { ResultBody } from '../../contract/items.ts';
import { groupOfUrl } from '../../core/model/host-group.ts';
import { NO_COUNTS, type TaskProgress } from '../../core/model/progress.ts';
import { FIRST_CHECKPOINT, type Run } from '../../core/model/run.ts';
import { groupingOf, OldLayoutError } from '../../core/model/run-grouping.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import { startDynamo } from '../contract/emulators.ts';
import { pageSettings } from '../page-settings.ts';
import { aList, aResult, aRun } from './records.ts';

let services: Awaited<ReturnType<typeof startDynamo>>;
let table: string;
let dynamo: DynamoDBClient;
let archive: RunArchive;
let ledger: Ledger;
let runs = 0;

beforeAll(async () => {
  services = await startDynamo();
  dynamo = services.dynamo;
  table = await services.createTable();
  archive = new RunArchive(dynamo, table);
  ledger = createDynamoLedger(dynamo, table, systemClock);
});

afterAll(() => services.close());

/** A run of its own for each test. */
async function begin(fields: Parameters<typeof aRun>[0] = {}) {
  runs += 1;
  const run = aRun({ runId: `run-${String(runs).padStart(3, '0')}`, ...fields });
  await archive.create(run);
  return run;
}

function task(runId: string, taskId: string, fields: Partial<TaskProgress> = {}): TaskProgress {
  return {
    runId,
    taskId,
    group: 'g1',
    targets: 2,
    elsewhere: 0,
    done: true,
    updatedMs: 5000,
    counts: { ...NO_COUNTS, succeeded: 1, failed: 1, reasons: { timeout: 1 }, bytes: 10 },
    ...fields,
  };
}

/** Keeps results in the logs of their groups. */
async function settle(run: Run, results: readonly ResultBody[]): Promise<void> {
  const { runId } = run;
  const groups = Map.groupBy(results, ({ url }) => groupOfUrl(url, groupingOf(run)));
  for (const [group, some] of groups) {
    const { hold } = await ledger.results.enter(runId, group);
    const settled = some.map((result) => ({ ...result, runId }));
    await ledger.results.settle([{ runId, group, hold, part: 0, results: settled }]);
  }
}

async function collect(results: AsyncIterable<ResultBody>): Promise<readonly ResultBody[]> {
  const all: ResultBody[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('runs', () => {
  test('a run that was created is read back as it was', async () => {
    const run = await begin({ lists: [{ ...aList(0), field: undefined }] });
    expect(await archive.read(run.runId)).toEqual(run);
    expect(await archive.read('other')).toBeUndefined();
  });

  test('an id is used once', async () => {
    const run = await begin();
    await expect(archive.create(run)).rejects.toThrow(RunChangedError);
  });

  test('they are listed newest first', async () => {
    const [older, newer] = [await begin(), await begin()];
    const ids: string[] = [];
    for await (const { runId } of archive.list()) ids.push(runId);
    expect(ids.slice(0, 2)).toEqual([newer.runId, older.runId]);
  });
});

describe('progress', () => {
  test('is the sum over the tasks of all partitions', async () => {
    const run = await begin();
    const { runId } = run;
    for (let at = 0; at < 10; at += 1)
      await ledger.tasks.record(task(runId, `w0-g${at}-0-0`, { done: at < 9 }));
    await ledger.tasks.record(task(runId, 'r-g9-abc', { group: 'g9', elsewhere: 3 }));
    const body = { runId, taskId: 'r-g9-def', group: 'g9', round: 0, generation: 1 };
    const targets = Array.from({ length: 7 }, (_, at) => ({ url: `http://a.example/${at}` }));
    await ledger.tasks.register([{ ...body, targets }]);
    expect(await archive.sums(run)).toEqual({
      counts: {
        succeeded: 11,
        failed: 11,
        skipped: 0,
        documents: 0,
        reasons: { timeout: 11 },
        bytes: 110,
      },
      elsewhere: 3,
      doneTasks: 10,
      registeredTasks: 1,
      registeredTargets: 7,
      updatedMs: 5000,
    });
  });

  test('has ended when seeding is finished and no task is open', async () => {
    const checkpoint = { ...FIRST_CHECKPOINT, tasks: 1, targets: 2 };
    const run = await begin({ seeding: 'finished', checkpoint });
    expect(await archive.progress(run)).toMatchObject({ ended: false, state: 'running' });
    await ledger.tasks.record(task(run.runId, 'w0-g1-0-0'));
    expect(await archive.progress(run)).toMatchObject({ ended: true, state: 'done', targets: 2 });
  });

  test('does not end while a task that was read too early is open', async () => {
    const checkpoint = { ...FIRST_CHECKPOINT, tasks: 1, targets: 2 };
    const run = await begin({ seeding: 'finished', checkpoint });
    await ledger.tasks.record(task(run.runId, 'w0-g1-0-0'));
    // What the first look saw: the task done, and not yet the one that it had made.
    const first = await archive.sums(run);
    const made = { runId: run.runId, taskId: 'w0-g1-0-0~1', group: 'g1', round: 0, generation: 1 };
    await ledger.tasks.register([{ ...made, targets: [{ url: 'http://a.example/' }] }]);
    const looks = [first];
    class SlowArchive extends RunArchive {
      override sums(of: Run) {
        const look = looks.shift();
        return look === undefined ? super.sums(of) : Promise.resolve(look);
      }
    }
    expect(await new SlowArchive(dynamo, table).progress(run)).toMatchObject({ ended: false });
  });
});

describe('results', () => {
  test('come from all groups, of the statuses that are asked for', async () => {
    const run = await begin();
    const all = Array.from({ length: 60 }, (_, n) => {
      const failed = { status: 'failed', reason: 'timeout' } as const;
      const url = `http://host-${n % 7}.example/${n}`;
      return aResult({ url, ...(n % 3 === 0 ? failed : {}) });
    });
    await settle(run, all);
    expect(await collect(archive.results(run))).toHaveLength(60);
    const failed = await collect(archive.results(run, 'failed'));
    expect(failed).toHaveLength(20);
    expect(failed[0]).toMatchObject({ status: 'failed', reason: 'timeout', attempts: 1 });
    expect(await collect(archive.results(run, 'failed', 'succeeded'))).toHaveLength(60);
    expect(await collect(archive.results(run, 'skipped'))).toEqual([]);
  });

  test('come in the same order each time, and can be left in their middle', async () => {
    const run = await begin();
    await settle(
      run,
      Array.from({ length: 20 }, (_, n) => aResult({ url: `http://b/${n}` })),
    );
    const urls = (await collect(archive.results(run))).map(({ url }) => url);
    expect((await collect(archive.results(run))).map(({ url }) => url)).toEqual(urls);
    for await (const { url } of archive.results(run)) {
      expect(url).toBe(urls[0]);
      break;
    }
  });

  test('of a run of another layout are not read', async () => {
    const run = await begin({ grouping: undefined });
    await expect(collect(archive.results(run))).rejects.toThrow(OldLayoutError);
    await expect(archive.line(run, 'http://a.example/')).rejects.toThrow(OldLayoutError);
    expect(await archive.progress(run)).toMatchObject({ runId: run.runId, succeeded: 0 });
  });
});

describe('one URL', () => {
  const PAGES = pageSettings({ maxPages: 9 });

  test('is looked up in its group alone', async () => {
    const run = await begin();
    const urls = ['http://a.example/1', 'http://b.example/1', 'http://c.example/1'];
    await settle(
      run,
      urls.map((url) => aResult({ url })),
    );
    const commands: string[] = [];
    dynamo.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          commands.push(commandName);
          return next(args);
        },
      { step: 'initialize', name: 'note' },
    );
    expect(await archive.line(run, urls[1] ?? '')).toMatchObject({ url: urls[1] });
    dynamo.middlewareStack.remove('note');
    expect(commands).toEqual(['QueryCommand']);
    expect(await archive.line(run, 'http://a.example/2')).toBeUndefined();
  });

  test('that was left out of a run over pages is told with its reason', async () => {
    const run = await begin({ settings: { ...aRun().settings, pages: PAGES } });
    const { runId } = run;
    const url = 'http://a.example/deep';
    const group = groupOfUrl(url, groupingOf(run));
    await ledger.frontier.mark(runId, [{ url, group, leftOut: { reason: 'too-deep' } }]);
    expect(await archive.line(run, url)).toMatchObject({ status: 'skipped', reason: 'too-deep' });
    await settle(run, [aResult({ url })]);
    expect(await archive.line(run, url)).toMatchObject({ status: 'succeeded' });
  });

  test('of a run over pages is told once, as a result or as left out', async () => {
    const run = await begin({ settings: { ...aRun().settings, pages: PAGES } });
    const hosts = Array.from({ length: 9 }, (_, at) => `http://host-${at}.example`);
    const leftOut = { reason: 'out-of-scope' } as const;
    const marks = hosts.flatMap((host) =>
      ['/a', '/b'].map((path) => {
        const url = `${host}${path}`;
        return { url, group: groupOfUrl(url, groupingOf(run)), leftOut };
      }),
    );
    await ledger.frontier.mark(run.runId, marks);
    await settle(
      run,
      hosts.map((host) => aResult({ url: `${host}/a` })),
    );
    const lines: ResultLine[] = [];
    for await (const line of archive.lines(run)) lines.push(line);
    expect(lines).toHaveLength(18);
    const skipped = lines.filter(({ status }) => status === 'skipped').map(({ url }) => url);
    expect(skipped.toSorted()).toEqual(hosts.map((host) => `${host}/b`).toSorted());
  });
});

describe('marks on a run', () => {
  const far = { ...FIRST_CHECKPOINT, window: 3, list: 1, tasks: 9 };

  test('orders of hosts are kept beside each other, replaced and taken back', async () => {
    const run = await begin();
    const { runId } = run;
    const ordersOf = async () => (await archive.read(runId))?.hostOrders;
    await Promise.all([
      archive.orderHost(runId, 'a.test', { kind: 'slow', ratePerS: 0.5 }),
      archive.orderHost(runId, '*.b.test:8080', { kind: 'stop' }),
    ]);
    expect(await ordersOf()).toEqual({
      'a.test': { kind: 'slow', ratePerS: 0.5 },
      '*.b.test:8080': { kind: 'stop' },
    });
    await archive.orderHost(runId, 'a.test', { kind: 'stop' });
    await archive.orderHost(runId, '*.b.test:8080', undefined);
    await archive.startAgain(run, { seconds: 1, nowMs: 5, allowPrivate: true });
    await archive.goOn(runId);
    expect(await ordersOf()).toEqual({ 'a.test': { kind: 'stop' } });
    expect(await ledger.runs.read(runId)).toMatchObject({
      hostOrders: { 'a.test': { kind: 'stop' } },
    });
    await expect(archive.orderHost('nobody', 'a.test', { kind: 'stop' })).rejects.toThrow(
      RunChangedError,
    );
  });

  test('cancel keeps everything else', async () => {
    const run = await begin({ checkpoint: far });
    await archive.cancel(run.runId);
    expect(await archive.read(run.runId)).toEqual({ ...run, cancelled: true });
  });

  test('going on seeds from where it was', async () => {
    const run = await begin({ checkpoint: far, seeding: 'finished', cancelled: true });
    await archive.goOn(run.runId);
    expect(await archive.read(run.runId)).toEqual({ ...run, seeding: 'open', cancelled: false });
  });

  test('none of them makes a run', async () => {
    await expect(archive.cancel('nobody')).rejects.toThrow(RunChangedError);
    await expect(archive.goOn('nobody')).rejects.toThrow(RunChangedError);
    expect(await archive.read('nobody')).toBeUndefined();
  });

  test('a retry adds its list and what it supersedes, and opens the run', async () => {
    const run = await begin({ seeding: 'finished', cancelled: true, superseded: { timeout: 2 } });
    await archive.addRetry(run, aList(1), { timeout: 3, cancelled: 4 });
    expect(await archive.read(run.runId)).toEqual({
      ...run,
      lists: [aList(0), aList(1)],
      seeding: 'open',
      cancelled: false,
      superseded: { timeout: 5, cancelled: 4 },
    });
  });

  test('of two retries at once one is refused, and changes nothing', async () => {
    const run = await begin({ seeding: 'finished' });
    await archive.addRetry(run, aList(1), { timeout: 1 });
    const first = await archive.read(run.runId);
    await expect(archive.addRetry(run, aList(1), { timeout: 1 })).rejects.toThrow(RunChangedError);
    expect(await archive.read(run.runId)).toEqual(first);
  });
});
