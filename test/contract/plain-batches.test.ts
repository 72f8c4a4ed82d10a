import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { createDynamo } from '../../adapters/aws/clients.ts';
import { listen } from '../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';

type Items = readonly Record<string, AttributeValue>[];

const puts = (...items: Items) => {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  return new BatchWriteItemCommand({ RequestItems: { ledger: requests } });
};

/** What a client sends for a command. */
async function sent(command: BatchWriteItemCommand | BatchGetItemCommand) {
  const bodies: { readonly body: string; readonly length: number }[] = [];
  const server = createServer(async (request, response) => {
    bodies.push({ body: await text(request), length: Number(request.headers['content-length']) });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{"UnprocessedItems":{}}');
  });
  const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: await listen(server) });
  onTestFinished(() => {
    dynamo.destroy();
    server.close();
  });
  await (command instanceof BatchGetItemCommand ? dynamo.send(command) : dynamo.send(command));
  return bodies;
}

it('a batch of texts is sent as the JSON that it is, with its length in bytes', async () => {
  const items = [
    { pk: { S: 'a' }, title: { S: 'Zürich — "雪"\n' } },
    { pk: { S: '' }, title: { S: ' ' } },
  ];
  const [request, ...more] = await sent(puts(...items));
  expect(more).toEqual([]);
  expect(JSON.parse(request?.body ?? '')).toEqual({
    RequestItems: { ledger: items.map((Item) => ({ PutRequest: { Item } })) },
  });
  expect(request?.length).toBe(Buffer.byteLength(request?.body ?? ''));
});

it.each([
  ['bytes', { B: Uint8Array.of(1, 2, 3) }, '"packed":{"B":"AQID"}'],
  ['a Buffer', { B: Buffer.of(1, 2, 3) }, '"packed":{"B":"AQID"}'],
  ['what is left to the SDK', { BOOL: true }, '"packed":{"BOOL":true}'],
])('a batch with %s is sent as DynamoDB reads it', async (_, packed, json) => {
  const [request] = await sent(puts({ pk: { S: 'a' }, packed }));
  expect(request?.body).toContain(json);
  expect(request?.length).toBe(Buffer.byteLength(request?.body ?? ''));
});

it.each([
  ['texts', { S: 'a' }, '{"S":"a"}'],
  ['bytes', { B: Uint8Array.of(1, 2, 3) }, '{"B":"AQID"}'],
])('a batch of keys that are %s is sent whole', async (_, pk, json) => {
  const keys = { Keys: [{ pk }], ConsistentRead: true, ProjectionExpression: 'pk' };
  const [request] = await sent(new BatchGetItemCommand({ RequestItems: { ledger: keys } }));
  const asked = JSON.parse(request?.body ?? '').RequestItems.ledger;
  expect(asked).toEqual({ ...keys, Keys: [{ pk: JSON.parse(json) }] });
});
