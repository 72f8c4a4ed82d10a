import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import * as sqs from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LOCAL_IDENTITY } from '../../../local/local-clients.ts';
import { createLedger } from '../create-ledger.ts';
import { type Aws, startJudgedServices } from './judged-services.ts';
import { BODILESS, DYNAMODB, LAMBDA, onObject, type Row, S3, SQS } from './sdk-requests.ts';

let folder: string;
let services: Awaited<ReturnType<typeof startJudgedServices>>;
let operator: Aws;
const denials: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crawler-judge-'));
  services = await startJudgedServices(folder, (name, { action, resource }) => {
    denials.push(`${name} ${action} ${resource}`);
  });
  operator = services.withKey(LOCAL_IDENTITY.credentials.accessKeyId);
});

afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

const failure = z.object({
  name: z.string(),
  message: z.string(),
  $metadata: z.object({ httpStatusCode: z.int(), attempts: z.int() }),
});

/** How a request ended, as its client sees it. */
async function endOf(sent: Promise<unknown>): Promise<z.output<typeof failure>> {
  return sent.then(
    () => ({ name: '', message: '', $metadata: { httpStatusCode: 200, attempts: 1 } }),
    (error) => failure.parse(error),
  );
}

const DENIED = /^AccessDenied(Exception)?$/;

describe.each([
  ['SQS', SQS],
  ['DynamoDB', DYNAMODB],
  ['S3', S3],
  ['Lambda', LAMBDA],
])('%s', (_, rows) => {
  const titled = rows.map(([send, ...asked]) => ({ send, asked, title: asked.join(' and ') }));

  it.each(titled)('denies by its name what is not granted: $title', async ({ send, asked }) => {
    for (const lacking of asked) {
      const aws = services.allowed(...asked.filter((one) => one !== lacking));
      const [action, resource] = lacking.split(/ (.*)/s);
      const end = await endOf(send(aws));
      expect(end.name).toMatch(DENIED);
      expect(end.message.replace(/function-\d+/, 'NAME')).toBe(
        'User: arn:aws:sts::000000000000:assumed-role/Role/NAME is not authorized to perform: ' +
          `${action} on resource: ${resource} ` +
          `because no identity-based policy allows the ${action} action`,
      );
      // A client that tried again would only be slower to tell.
      expect(end.$metadata).toEqual({ httpStatusCode: 403, attempts: 1 });
    }
  });

  it.each(titled)('carries out what is granted: $title', async ({ send, asked }) => {
    const end = await endOf(send(services.allowed(...asked)));
    expect(end.name).not.toMatch(DENIED);
    expect(end.$metadata.httpStatusCode).not.toBe(403);
  });
});

it.each(BODILESS.map(([send, ...asked]) => ({ send, asked })))(
  'a request that is answered without a body is denied by its status: $asked',
  async ({ send, asked }) => {
    const statusFor = async (aws: Aws) => (await endOf(send(aws))).$metadata.httpStatusCode;
    expect(await statusFor(services.allowed())).toBe(403);
    expect(await statusFor(services.allowed(...asked))).not.toBe(403);
  },
);

describe('the caller', () => {
  const one: readonly (readonly [string, Row, string])[] = [
    ['SQS', first(SQS), 'InvalidClientTokenId'],
    ['DynamoDB', first(DYNAMODB), 'UnrecognizedClientException'],
    ['S3', first(S3), 'InvalidAccessKeyId'],
    ['Lambda', first(LAMBDA), 'UnrecognizedClientException'],
  ];

  it.each(one)('is nobody where the key is not known: %s', async (_, [send], name) => {
    const end = await endOf(send(services.withKey('nobody')));
    expect(end).toMatchObject({ name, $metadata: { httpStatusCode: 403, attempts: 1 } });
    expect(end.message).toContain('The security token included in the request is invalid');
  });

  it.each(one)('may do all as the operator: %s', async (_, [send]) => {
    expect((await endOf(send(operator))).$metadata.httpStatusCode).not.toBe(403);
  });

  it('is nobody without a signature', async () => {
    const { aws, lambda } = services.endpoints;
    const invoke = `${lambda}/2015-03-31/functions/seeder/invocations`;
    const asked = await Promise.all([
      fetch(`${aws}/images/a`),
      fetch(invoke, { method: 'POST' }),
      post(aws, 'DynamoDB_20120810.ListTables', {}, {}),
      post(aws, 'AmazonSQS.ListQueues', {}, {}),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  it('is read from a URL that is signed beforehand', async () => {
    services.allowed('s3:GetObject arn:aws:s3:::images/seen');
    const name = `function-${services.callers()}`;
    const statusOf = async (key: string) => {
      const credential = encodeURIComponent(`${name}/20261124/us-east-1/s3/aws4_request`);
      const url = `${services.endpoints.aws}/images/${key}?X-Amz-Credential=${credential}`;
      return (await fetch(url)).status;
    };
    expect([await statusOf('seen'), await statusOf('unseen')]).toEqual([404, 403]);
  });
});

describe('on the wire a refusal', () => {
  it('of SQS has the form of its JSON protocol, and the name of its query protocol', async () => {
    const response = await post(services.endpoints.aws, 'AmazonSQS.ListQueues', {}, signed());
    expect(response.status).toBe(403);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringContaining('application/x-amz-json-1.0'),
      'x-amzn-errortype': 'AccessDeniedException',
      'x-amzn-query-error': 'AccessDenied;Sender',
    });
    expect(await response.json()).toEqual({
      __type: 'com.amazon.coral.service#AccessDeniedException',
      message: expect.stringContaining('perform: sqs:ListQueues on'),
    });
  });

  it('of DynamoDB has the form of its JSON protocol', async () => {
    const target = 'DynamoDB_20120810.ListTables';
    const response = await post(services.endpoints.aws, target, {}, signed());
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(await response.json()).toEqual({
      __type: 'com.amazon.coral.service#AccessDeniedException',
      message: expect.stringContaining('perform: dynamodb:ListTables on'),
    });
  });

  it('of S3 is XML, with what stands in a key escaped', async () => {
    const url = `${services.endpoints.aws}/images/${encodeURIComponent('<a>&"')}`;
    const response = await fetch(url, { headers: signed() });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/xml');
    const body = await response.text();
    expect(body).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied</);
    expect(body).toContain('s3:GetObject on resource: arn:aws:s3:::images/&lt;a&gt;&amp;&quot;');
  });

  it('of Lambda has its own form', async () => {
    const url = `${services.endpoints.lambda}/2015-03-31/functions/seeder/invocations`;
    const response = await fetch(url, { method: 'POST', headers: signed(), body: '{}' });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(await response.json()).toEqual({
      Message: expect.stringContaining('perform: lambda:InvokeFunction on'),
    });
  });
});

describe('what is not known here is denied by its name, whatever is granted', () => {
  const ALL = ['* *', 'sqs:* *', 's3:* *'];
  const asOperation = (path: string, method: string) => () => {
    const url = `${services.endpoints.aws}${path}`;
    return fetch(url, { method, headers: signed(...ALL) });
  };

  it.each([
    ['s3:POST restore', asOperation('/images/a?restore', 'POST')],
    ['s3:PUT renameObject', asOperation('/images/a?renameObject', 'PUT')],
    ['s3:GET torrent', asOperation('/images/a?torrent', 'GET')],
    ['s3:GET acl&tagging', asOperation('/images/a?acl&tagging', 'GET')],
    ['s3:POST', asOperation('/', 'POST')],
    ['s3:GET health', asOperation('/?health', 'GET')],
    [
      'sqs:AddPermission',
      () => post(services.endpoints.aws, 'AmazonSQS.AddPermission', {}, signed(...ALL)),
    ],
    [
      'lambda:GET /2015-03-31/functions/',
      () =>
        fetch(`${services.endpoints.lambda}/2015-03-31/functions/`, { headers: signed(...ALL) }),
    ],
  ])('%s', async (action, send) => {
    const response = await send();
    expect(response.status).toBe(403);
    const words = `is not authorized to perform: ${action} on resource: `;
    const body = await response.text();
    expect(body.replaceAll('&amp;', '&')).toContain(words);
    expect(body).toContain('because the action is not known on this machine');
  });

  it('and nothing is judged as one service and carried out as another', async () => {
    await operator.s3.send(new s3.CreateBucketCommand({ Bucket: 'disguised' }));
    const headers = { ...signed('sqs:* *'), 'x-amz-target': 'AmazonSQS.ReceiveMessage' };
    const type = { 'content-type': 'application/x-amz-json-1.0' };
    const url = `${services.endpoints.aws}/disguised/a`;
    const response = await fetch(url, {
      method: 'PUT',
      headers: { ...headers, ...type },
      body: '{}',
    });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('s3:PutObject on resource: arn:aws:s3:::disguised/a');
  });
});

describe('what is denied', () => {
  it('is not carried out', async () => {
    const none = services.allowed();
    const { sqs: queues, s3: buckets, dynamo } = operator;
    const queue = new sqs.CreateQueueCommand({ QueueName: 'kept' });
    const { QueueUrl } = await queues.send(queue);
    await buckets.send(new s3.CreateBucketCommand({ Bucket: onObject.Bucket }));
    await createLedger(dynamo);
    const Item = { pk: { S: 'a' } };
    const puts = [{ PutRequest: { Item } }];
    // A batch of which a part is granted is denied whole.
    const half = services.allowed(
      'dynamodb:BatchWriteItem arn:aws:dynamodb:us-east-1:000000000000:table/ledger',
    );
    const ends = await Promise.all([
      endOf(none.sqs.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'x' }))),
      endOf(none.s3.send(new s3.PutObjectCommand({ ...onObject, Body: 'x' }))),
      endOf(none.dynamo.send(new dynamodb.PutItemCommand({ TableName: 'ledger', Item }))),
      endOf(
        half.dynamo.send(
          new dynamodb.BatchWriteItemCommand({ RequestItems: { ledger: puts, other: puts } }),
        ),
      ),
    ]);
    expect(ends.map(({ name }) => DENIED.test(name))).toEqual([true, true, true, true]);
    const receive = new sqs.ReceiveMessageCommand({ QueueUrl });
    expect((await queues.send(receive)).Messages).toBeUndefined();
    const list = new s3.ListObjectsV2Command({ Bucket: onObject.Bucket });
    expect((await buckets.send(list)).KeyCount).toBe(0);
    const scan = new dynamodb.ScanCommand({ TableName: 'ledger' });
    expect((await dynamo.send(scan)).Items).toEqual([]);
  });

  it('is told once for each function and action', async () => {
    const [send] = first(S3);
    const aws = services.allowed();
    const name = `function-${services.callers()}`;
    for (let times = 0; times < 3; times += 1) await endOf(send(aws));
    await endOf(aws.s3.send(new s3.GetObjectCommand({ ...onObject, Key: 'another' })));
    await endOf(aws.s3.send(new s3.ListBucketsCommand({})));
    expect(denials.filter((line) => line.startsWith(`${name} `))).toEqual([
      `${name} s3:GetObject arn:aws:s3:::images/a b/c+d.jpg`,
      `${name} s3:ListAllMyBuckets *`,
    ]);
  });
});

function first(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('a row was expected');
  return row;
}

/** Headers of a request by a function that may do this and nothing else. */
function signed(...grants: readonly string[]): Record<string, string> {
  services.allowed(...grants);
  const credential = `function-${services.callers()}/20261124/us-east-1/any/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
  return { authorization, 'x-amz-date': '20261124T000000Z' };
}

function post(url: string, target: string, body: object, headers: Record<string, string>) {
  const type = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  return fetch(url, {
    method: 'POST',
    headers: { ...type, ...headers },
    body: JSON.stringify(body),
  });
}
