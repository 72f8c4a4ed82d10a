import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { DataFileBusyError } from '../../../local/emulators/data-file.ts';
import { openSqlite } from '../../../local/emulators/sqlite.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { createLedger, TableName } from '../create-ledger.ts';
import { emulatedAws } from './emulated-aws.ts';

/** The ledger of a folder, open until `close`. */
const open = (folder: string) => emulatedAws({}, folder);

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
  const values = await Promise.all(['a', 'b', 'c', 'd'].map((pk) => read(second.dynamo, pk)));
  expect(values).toEqual(['a1', 'b2', 'c1', undefined]);
});

it('what is answered can be read at once, and the last of many writes of a key stays', async () => {
  const { dynamo } = await open(await freshFolder());
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
  const { dynamo } = await open(await freshFolder());
  await createLedger(dynamo);
  const first = new PutItemCommand({
    TableName,
    Item: { pk: { S: 'one' } },
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

  const { dynamo } = await open(folder);
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName }));
  expect(new Set(Items.map(({ pk }) => pk?.S)).size).toBe(500);
});

it('a data directory of an earlier version is refused by its name, and left as it is', async () => {
  const folder = await freshFolder();
  await mkdir(join(folder, 'ledger'));
  await writeFile(join(folder, 'ledger', 'CURRENT'), 'MANIFEST-000002\n');
  await expect(open(folder)).rejects.toThrow(
    `${folder} was written by an earlier version of this crawler: give --data another folder, or remove it`,
  );
  expect(await readdir(folder)).toEqual(['ledger']);
});

it('a data directory of a later version is refused by its name', async () => {
  const folder = await freshFolder();
  const first = await open(folder);
  await first.close();
  const database = openSqlite(join(folder, 'data.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(open(folder)).rejects.toThrow('a later version');
});

it('a data directory is open in one place at a time', async () => {
  const folder = await freshFolder();
  const { close } = await open(folder);
  await expect(open(folder)).rejects.toThrow(DataFileBusyError);
  await close();
  await expect(open(folder)).resolves.toBeDefined();
});
