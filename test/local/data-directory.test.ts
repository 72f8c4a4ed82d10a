import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDynamo } from '../../adapters/aws/clients.ts';
import {
  DataDirBusyError,
  DataDirectory,
  findLiveStack,
  isHeld,
  readLastOutputs,
} from '../../local/data-directory.ts';
import { listen } from '../../local/emulators/emulators.ts';
import { openLocalLedger } from '../../local/emulators/local-ledger.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { waitUntil } from '../end-to-end/wait-until.ts';
import { freshFolder } from '../fresh-folder.ts';

const STACK = {
  outputs: {
    TaskQueueUrl: 'http://q/tasks',
    DeadLetterQueueUrl: 'http://q/dead',
    TableName: 'table',
    BucketName: 'bucket',
    InboxBucketName: 'inbox',
    SeederFunctionName: 'seeder',
    WorkerFunctionName: 'worker',
    DeadLetterFunctionName: 'dead-letter',
    FinisherFunctionName: 'finisher',
    HostGrouping: '{"groups":32,"hostShards":{}}',
  },
  endpoints: {
    sqs: 'http://127.0.0.1:1',
    dynamodb: 'http://127.0.0.1:2',
    s3: 'http://127.0.0.1:1',
    lambda: 'http://127.0.0.1:3',
  },
};

function take(folder: string): DataDirectory {
  const directory = new DataDirectory(folder);
  onTestFinished(() => directory.release());
  return directory;
}

/** What a process left that was killed: it says of itself that it runs a stack. */
const leaveBehind = (folder: string, claim: object | string) =>
  writeFile(join(folder, 'live.json'), typeof claim === 'string' ? claim : JSON.stringify(claim));

/** A stack whose function host is a server that accepts connections. */
async function acceptingStack() {
  const server = createServer();
  const lambda = await listen(server);
  onTestFinished(() => void server.close());
  return { ...STACK, endpoints: { ...STACK.endpoints, lambda } };
}

const HOLDER = `
const { DataDirectory } = await import(process.argv[1]);
new DataDirectory(process.argv[2]);
console.log(process.pid);
setInterval(() => {}, 60_000);
`;

/** A process that holds the directory, whose parent never asks how it ended: killed, it is a zombie. */
async function startHolder(folder: string): Promise<{ readonly pid: number }> {
  const module = new URL('../../local/data-directory.ts', import.meta.url).href;
  // The shell starts the holder and becomes a program that waits for no child.
  const script = '"$@" & exec tail -f /dev/null';
  const node = [process.execPath, '--input-type=module', '-e', HOLDER, '--', module, folder];
  const parent = spawn('bash', ['-c', script, 'bash', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [said] = await once(parent.stdout, 'data');
  return { pid: Number(String(said)) };
}

/** The state of a process as the kernel tells it: `Z` is a zombie. */
function stateOf(pid: number): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
}

describe('a data directory', () => {
  it('is made where it is missing', async () => {
    const folder = join(await freshFolder(), 'deep', 'data');
    take(folder);
    expect((await readdir(folder)).toSorted()).toEqual(['live.json', 'lock']);
  });

  it('is one crawl at a time', async () => {
    const folder = await freshFolder();
    const first = take(folder);
    expect(() => new DataDirectory(folder)).toThrow(DataDirBusyError);
    expect(() => new DataDirectory(folder)).toThrow(`process ${process.pid}`);
    first.release();
    expect(isHeld(folder)).toBe(false);
    expect(() => take(folder)).not.toThrow();
  });

  it.each([
    ['of a process that is alive and has nothing to do with it', { pid: process.ppid }],
    ['of a process that had our id before us', { pid: process.pid, stack: STACK }],
    ['cut short', '{"pid":'],
    ['empty', ''],
  ])('is free when nobody holds its lock, and what was left is %s', async (_, claim) => {
    const folder = await freshFolder();
    await leaveBehind(folder, claim);
    expect(await findLiveStack(folder)).toBeUndefined();
    take(folder);
    const { pid, stack } = JSON.parse(await readFile(join(folder, 'live.json'), 'utf8'));
    expect({ pid, stack }).toEqual({ pid: process.pid, stack: undefined });
  });

  it('is free at once when the process that holds it is killed and nobody waits for it', async () => {
    const folder = await freshFolder();
    const holder = await startHolder(folder);
    expect(() => new DataDirectory(folder)).toThrow(`process ${holder.pid}`);
    process.kill(holder.pid, 'SIGKILL');
    await waitUntil('a zombie', async () => stateOf(holder.pid) === 'Z');
    // The first thread of a process is a zombie already while its other threads still end.
    (await DataDirectory.claim(folder)).release();
  });

  it('tells other processes where its stack is, and what it was when it is gone', async () => {
    const folder = await freshFolder();
    const directory = take(folder);
    const stack = await acceptingStack();
    expect(await findLiveStack(folder)).toBeUndefined();
    expect(readLastOutputs(folder)).toBeUndefined();
    directory.announce(stack);
    expect(await findLiveStack(folder)).toEqual({ ...stack, runs: [] });
    directory.worksOn('run-1');
    directory.worksOn('run-1');
    expect(await findLiveStack(folder)).toEqual({ ...stack, runs: ['run-1'] });
    directory.release();
    expect(await findLiveStack(folder)).toBeUndefined();
    expect(readLastOutputs(folder)).toEqual(STACK.outputs);
  });

  it('has no live stack when nothing accepts connections any more', async () => {
    const folder = await freshFolder();
    take(folder).announce(STACK);
    expect(await findLiveStack(folder)).toBeUndefined();
  });

  it('is waited for while another holds it for a moment', async () => {
    const folder = await freshFolder();
    const first = take(folder);
    const claiming = DataDirectory.claim(folder);
    first.release();
    (await claiming).release();
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('is not waited for while a crawl runs on it', async () => {
    const folder = await freshFolder();
    take(folder).announce(await acceptingStack());
    const began = performance.now();
    await expect(DataDirectory.claim(folder)).rejects.toThrow(DataDirBusyError);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('that cannot be made is an error of its own', async () => {
    const file = join(await freshFolder(), 'file');
    await writeFile(file, '');
    expect(() => new DataDirectory(file)).toThrow('EEXIST');
  });
});

describe('the ledger of a data directory', () => {
  it('is absent where nothing ever ran', async () => {
    expect(await openLocalLedger(await freshFolder())).toBeUndefined();
  });

  it('is that of the crawl that runs on it', async () => {
    const folder = await freshFolder();
    const directory = take(folder);
    const stack = await acceptingStack();
    directory.announce(stack);
    directory.worksOn('run-1');
    expect(await openLocalLedger(folder)).toMatchObject({ ...stack, live: true, runs: ['run-1'] });
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
