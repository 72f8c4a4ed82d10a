import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDynamo } from '../../adapters/aws/clients.ts';
import {
  DataDirBusyError,
  DataDirectory,
  findLiveStack,
  readLastOutputs,
} from '../../local/data-directory.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { openLocalLedger } from '../../local/local-ledger.ts';
import { freshFolder } from './tiny-functions.ts';

const STACK = {
  outputs: {
    ...{ TaskQueueUrl: 'http://q/tasks', DeadLetterQueueUrl: 'http://q/dead', TableName: 'table' },
    ...{ BucketName: 'bucket', SeederFunctionName: 'seeder', WorkerFunctionName: 'worker' },
    DeadLetterFunctionName: 'dead-letter',
    HostGrouping: '{"groups":32,"hostShards":{}}',
  },
  endpoints: {
    ...{ sqs: 'http://127.0.0.1:1', dynamodb: 'http://127.0.0.1:2' },
    ...{ s3: 'http://127.0.0.1:1', lambda: 'http://127.0.0.1:3' },
  },
};

/** A process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;
const claimOf = (folder: string, claim: object | string) =>
  writeFile(join(folder, 'live.json'), typeof claim === 'string' ? claim : JSON.stringify(claim));

function take(folder: string): DataDirectory {
  const directory = new DataDirectory(folder);
  onTestFinished(() => directory.release());
  return directory;
}

describe('a data directory', () => {
  it('is made where it is missing', async () => {
    const folder = join(await freshFolder(), 'deep', 'data');
    take(folder);
    expect(await readdir(folder)).toEqual(['live.json']);
  });

  it('is one crawl at a time', async () => {
    const folder = await freshFolder();
    const first = take(folder);
    expect(() => new DataDirectory(folder)).toThrow(DataDirBusyError);
    first.release();
    expect(() => take(folder)).not.toThrow();
  });

  it('that another process holds is busy, and is told with its number', async () => {
    const folder = await freshFolder();
    await claimOf(folder, { pid: process.ppid });
    const open = () => new DataDirectory(folder);
    expect(open).toThrow(DataDirBusyError);
    expect(open).toThrow(`process ${process.ppid}`);
    expect(open).toThrow(folder);
    expect(JSON.parse(await readFile(join(folder, 'live.json'), 'utf8'))).toEqual({
      pid: process.ppid,
    });
    expect(await readdir(folder)).toEqual(['live.json']);
  });

  it.each([
    ['a process that is gone', () => ({ pid: deadPid(), stack: STACK })],
    ['a process that had our number before us', () => ({ pid: process.pid, stack: STACK })],
    [
      'a time before the machine was started anew',
      () => ({ pid: process.ppid, bootedMs: Date.now() - 86_400_000 * 365, stack: STACK }),
    ],
    ['nobody: it is cut short', () => '{"pid":'],
    ['nobody: it is empty', () => ''],
    ['every process', () => ({ pid: -1 })],
  ])('is taken over when its claim is of %s', async (_, claim) => {
    const folder = await freshFolder();
    await claimOf(folder, claim());
    expect(findLiveStack(folder)).toBeUndefined();
    take(folder);
    expect(await readdir(folder)).toEqual(['live.json']);
  });

  it('tells other processes where its stack is, and what it was when it is gone', async () => {
    const folder = await freshFolder();
    const directory = take(folder);
    expect(findLiveStack(folder)).toBeUndefined();
    expect(readLastOutputs(folder)).toBeUndefined();
    directory.announce(STACK);
    expect(findLiveStack(folder)).toEqual(STACK);
    directory.release();
    expect(findLiveStack(folder)).toBeUndefined();
    expect(readLastOutputs(folder)).toEqual(STACK.outputs);
  });

  it('is waited for while another holds it for a moment', async () => {
    const folder = await freshFolder();
    const first = take(folder);
    const claiming = DataDirectory.claim(folder);
    first.release();
    (await claiming).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not waited for while a crawl runs on it', async () => {
    const folder = await freshFolder();
    await claimOf(folder, { pid: process.ppid, stack: STACK });
    const began = performance.now();
    await expect(DataDirectory.claim(folder)).rejects.toThrow(DataDirBusyError);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('that can not be made is an error of its own', async () => {
    const file = join(await freshFolder(), 'file');
    await writeFile(file, '');
    expect(() => new DataDirectory(file)).toThrow('EEXIST');
  });
});

describe('the ledger of a data directory', () => {
  it('is none where nothing ever ran', async () => {
    expect(await openLocalLedger(await freshFolder())).toBeUndefined();
  });

  it('is that of the crawl that runs on it', async () => {
    const folder = await freshFolder();
    await claimOf(folder, { pid: process.ppid, stack: STACK });
    expect(await openLocalLedger(folder)).toMatchObject({ ...STACK, live: true });
  });

  it('is opened alone where a crawl has been, for one reader at a time', async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, 'outputs.json'), JSON.stringify(STACK.outputs));
    const ledger = await openLocalLedger(folder);
    expect(ledger).toMatchObject({ outputs: STACK.outputs, live: false });
    const next = openLocalLedger(folder);
    const endpoint = ledger?.endpoints.dynamodb ?? '';
    const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint });
    onTestFinished(() => dynamo.destroy());
    const describe = dynamo.send(new DescribeTableCommand({ TableName: 'table' }));
    await expect(describe).rejects.toThrow('not found');
    await ledger?.close();
    expect(await next).toMatchObject({ live: false });
    await (await next)?.close();
  });
});
