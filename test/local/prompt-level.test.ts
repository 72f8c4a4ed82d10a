import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import { expect, it, onTestFinished } from 'vitest';
import { createDynamo } from '../../adapters/aws/clients.ts';
import { startDynalite } from '../../local/emulators.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { makeLevelPrompt } from '../../local/prompt-level.ts';
import { createLedger, TableName } from './create-ledger.ts';
import { freshFolder } from './tiny-functions.ts';

/** The ledger of a folder, open until `close`. */
async function open(folder: string) {
  const dynalite = await startDynalite(folder, () => {});
  const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: dynalite.url });
  const close = async () => {
    dynamo.destroy();
    await dynalite.close();
  };
  return { dynamo, close };
}

const put = (dynamo: DynamoDBClient, pk: string, value: string) =>
  dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, value: { S: value } } }));

async function read(dynamo: DynamoDBClient, pk: string): Promise<string | undefined> {
  const get = new GetItemCommand({ TableName, Key: { pk: { S: pk } }, ConsistentRead: true });
  return (await dynamo.send(get)).Item?.['value']?.S;
}

it('what was written is there when the ledger is opened again', async () => {
  const folder = await freshFolder();
  const first = await open(folder);
  await createLedger(first.dynamo);
  await Promise.all(['a', 'b', 'c'].map((pk) => put(first.dynamo, pk, `${pk}1`)));
  await put(first.dynamo, 'b', 'b2');
  await first.close();

  const second = await open(folder);
  onTestFinished(second.close);
  const values = await Promise.all(['a', 'b', 'c', 'd'].map((pk) => read(second.dynamo, pk)));
  expect(values).toEqual(['a1', 'b2', 'c1', undefined]);
});

it('what is answered can be read at once, and the last of many writes of a key stays', async () => {
  const { dynamo, close } = await open(await freshFolder());
  onTestFinished(close);
  await createLedger(dynamo);
  const versions = Array.from({ length: 20 }, (_, at) => String(at));
  for (const version of versions) {
    await put(dynamo, 'one', version);
    expect(await read(dynamo, 'one')).toBe(version);
  }
  await Promise.all(versions.map((version) => put(dynamo, 'raced', version)));
  expect(versions).toContain(await read(dynamo, 'raced'));
});

it('a condition sees every write before it: of many first writers one wins', async () => {
  const { dynamo, close } = await open(await freshFolder());
  onTestFinished(close);
  await createLedger(dynamo);
  const first = new PutItemCommand({
    ...{ TableName, Item: { pk: { S: 'one' } } },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  const writes = await Promise.allSettled(Array.from({ length: 20 }, () => dynamo.send(first)));
  expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('what was answered outlives a process that is killed', async () => {
  const folder = await freshFolder();
  const script = fileURLToPath(new URL('./write-items.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, '500'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  const [said] = await Promise.race([once(child.stdout, 'data'), closed]);
  expect(String(said)).toBe('answered\n');
  child.kill('SIGKILL');
  await closed;
  expect(child.signalCode).toBe('SIGKILL');

  const { dynamo, close } = await open(folder);
  onTestFinished(close);
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName }));
  expect(new Set(Items.map(({ pk }) => pk?.S)).size).toBe(500);
});

it.runIf(process.platform === 'linux')('a ledger of any length keeps few files open', async () => {
  makeLevelPrompt();
  const folder = await freshFolder();
  await writeFiles(folder, 120);
  const level = new ClassicLevel(folder);
  onTestFinished(() => level.close());

  let entries = 0;
  for await (const _ of level.keys()) entries += 1;

  expect(entries).toBe(120 * 16);
  const files = filesInMemory(folder);
  expect(files).toBeGreaterThan(0);
  expect(files).toBeLessThanOrEqual(74);
});

/** A database of so many files of 1 MiB, the least that LevelDB makes. */
async function writeFiles(folder: string, files: number): Promise<void> {
  const level = new ClassicLevel<string, Buffer>(folder, {
    ...{ writeBufferSize: 2 ** 20, valueEncoding: 'buffer' },
  });
  for (let at = 0; at < files; at += 1) {
    const puts = Array.from({ length: 16 }, (_, part) => {
      const key = `${String(at).padStart(3, '0')}-${part}`;
      return { type: 'put', key, value: randomBytes(2 ** 16) } as const;
    });
    await level.batch(puts);
  }
  await level.close();
}

function filesInMemory(folder: string): number {
  const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
  const paths = lines.filter((line) => line.includes(folder)).map((line) => line.slice(73));
  return new Set(paths).size;
}
