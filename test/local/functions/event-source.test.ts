import { mkdtemp } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createSqs } from '../../../adapters/aws/clients.ts';
import { type Emulator, listen, startEmulators } from '../../../local/emulators/emulators.ts';
import { EventSource, type EventSourceSpec } from '../../../local/functions/event-source.ts';
import { identityOf, LOCAL_IDENTITY } from '../../../local/local-clients.ts';
import { PermissionJudge } from '../../../local/permissions/permission-judge.ts';
import { RolePolicy } from '../../../local/permissions/role-policy.ts';
import { waitUntil } from '../../end-to-end/wait-until.ts';
import { runFunction, Wire } from '../tiny-functions.ts';

/** Longest wait for what is running when a test ends it, in milliseconds. */
const GRACE_MS = 10_000;

const denials: string[] = [];
const judge = new PermissionJudge((name, { action }) => denials.push(`${name} ${action}`));
let emulators: Emulator;
let sqs: SQSClient;
let made = 0;
let polls = 0;

beforeAll(async () => {
  emulators = await startEmulators(await mkdtemp(join(tmpdir(), 'event-source-')), {
    judge,
    onRequest: (_, action) => {
      if (action === 'ReceiveMessage') polls += 1;
    },
  });
  sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: emulators.url });
});

afterAll(async () => {
  sqs.destroy();
  await emulators.close();
});

interface Queue {
  readonly url: string;
  readonly arn: string;
}

async function createQueue(attributes: Readonly<Record<string, string>> = {}): Promise<Queue> {
  made += 1;
  const Attributes = { FifoQueue: 'true', VisibilityTimeout: '60', ...attributes };
  const QueueName = `tasks-${made}.fifo`;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return { url: QueueUrl, arn: (await attributesOf(QueueUrl))['QueueArn'] ?? '' };
}

async function attributesOf(QueueUrl: string): Promise<Partial<Record<string, string>>> {
  const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await sqs.send(get)).Attributes ?? {};
}

/** How many messages a queue holds, those in flight among them. */
async function sizeOf({ url }: Queue): Promise<number> {
  const attributes = await attributesOf(url);
  const waiting = Number(attributes['ApproximateNumberOfMessages']);
  return waiting + Number(attributes['ApproximateNumberOfMessagesNotVisible']);
}

/** Puts messages, each in a group of its own: the emulator gives one of a group at a time. */
async function send({ url }: Queue, ...bodies: readonly string[]): Promise<void> {
  const Entries = bodies.map((body, at) => {
    const MessageGroupId = `group-${body}`;
    return {
      Id: String(at),
      MessageBody: body,
      MessageGroupId,
      MessageDeduplicationId: body,
    };
  });
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
}

/** Feeds a function whose handler has `bodies` besides `event`, until the test ends. */
async function feed(
  queue: Queue,
  body: string,
  overrides: Partial<EventSourceSpec> & { readonly through?: SQSClient } = {},
) {
  const wire = new Wire();
  const deaths: string[] = [];
  const bodies = 'const bodies = event.Records.map(({ body }) => body);';
  const target = await runFunction(`${bodies}\n${body}`, {}, wire);
  const { through = sqs, ...limits } = overrides;
  const usual = { batchSize: 10, maxConcurrency: 1, visibilityS: 60 };
  const spec = { ...usual, queueUrl: queue.url, queueArn: queue.arn, ...limits };
  const clients = { asFunction: through, asOperator: sqs };
  const source = new EventSource(spec, clients, target, (_, error) => deaths.push(error));
  onTestFinished(() => source.stop(0));
  return { wire, source, deaths, close: () => target.close() };
}

/** Tells the bodies with their receive counts, and how long ago the queue first gave them. */
const TELL_COUNTS = `
  const counts = event.Records.map((it) => it.body + ':' + it.attributes.ApproximateReceiveCount);
  const first = Number(event.Records[0].attributes.ApproximateFirstReceiveTimestamp);
  tell({ counts: counts.sort(), sinceMs: Date.now() - first });
`;
const told = z.object({ counts: z.array(z.string()), sinceMs: z.number() });

const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));

describe('a batch', () => {
  it('has as many messages as are set, and is deleted when the function succeeds', async () => {
    const queue = await createQueue();
    await send(queue, ...numbers(7));
    const { wire, source } = await feed(queue, 'tell(bodies);', { batchSize: 3 });
    const batches = await wire.take(3);
    expect(batches.map((batch) => [batch].flat().length)).toEqual([3, 3, 1]);
    expect(batches.flat().toSorted()).toEqual(numbers(7));
    await source.stop(GRACE_MS);
    expect(await sizeOf(queue)).toBe(0);
  });

  it('is the event that Lambda makes of it', async () => {
    const queue = await createQueue();
    await send(queue, 'hello');
    const { wire } = await feed(queue, 'tell(event);');
    const millis = expect.stringMatching(/^\d{13}$/);
    expect(await wire.next()).toEqual({
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          body: 'hello',
          receiptHandle: expect.stringMatching(/.+/),
          messageAttributes: {},
          md5OfBody: '5d41402abc4b2a76b9719d911017c592',
          eventSource: 'aws:sqs',
          eventSourceARN: queue.arn,
          awsRegion: 'us-east-1',
          attributes: {
            ApproximateReceiveCount: '1',
            ApproximateFirstReceiveTimestamp: millis,
            SentTimestamp: millis,
            SenderId: expect.stringMatching(/.+/),
            MessageGroupId: 'group-hello',
            MessageDeduplicationId: 'hello',
            SequenceNumber: expect.stringMatching(/^\d+$/),
          },
        },
      ],
    } satisfies SQSEvent);
  });

  it.each([
    'return;',
    'return null;',
    'return {};',
    'return { batchItemFailures: null };',
    'return { batchItemFailures: [] };',
  ])('is done when the function answers without failures: %s', async (answer) => {
    const queue = await createQueue();
    await send(queue, 'a', 'b');
    const { wire, source } = await feed(queue, `tell(bodies); ${answer}`);
    await wire.next();
    await source.stop(GRACE_MS);
    expect(await sizeOf(queue)).toBe(0);
  });
});

describe('a message that is reported as failed', () => {
  it('stays until its visibility ends, and comes again; the others are done', async () => {
    const queue = await createQueue({ VisibilityTimeout: '2' });
    await send(queue, 'a', 'b', 'c');
    const failB =
      'const failed = event.Records.filter((it) => it.body === "b" && it.attributes.ApproximateReceiveCount === "1");' +
      'return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };';
    const { wire, source } = await feed(queue, `${TELL_COUNTS} ${failB}`, { visibilityS: 2 });
    expect(await wire.next()).toMatchObject({ counts: ['a:1', 'b:1', 'c:1'] });
    const { counts, sinceMs } = told.parse(await wire.next());
    expect(counts).toEqual(['b:2']);
    expect(sinceMs).toBeGreaterThan(1950);
    await source.stop(GRACE_MS);
    expect(await sizeOf(queue)).toBe(0);
  });
});

describe('a batch whose function fails comes back whole, after its back-off', () => {
  it.each([
    ['throw new Error("broke");', ['Error: broke']],
    ['process.exit(1);', ['exited with code 1']],
    ['return "fine";', []],
    ['return { batchItemFailures: "all" };', []],
    ['return { batchItemFailures: [{}] };', []],
    ['return { batchItemFailures: [{ itemIdentifier: "" }] };', []],
    ['return { batchItemFailures: [{ itemIdentifier: "of nobody" }] };', []],
  ])('%s', async (failure, ends) => {
    const queue = await createQueue();
    await send(queue, 'a', 'b');
    const failFirst = `if (event.Records[0].attributes.ApproximateReceiveCount === "1") { ${failure} }`;
    const { wire, source, deaths } = await feed(queue, `${TELL_COUNTS} ${failFirst}`);
    expect(await wire.next()).toMatchObject({ counts: ['a:1', 'b:1'] });
    const { counts, sinceMs } = told.parse(await wire.next());
    expect(counts).toEqual(['a:2', 'b:2']);
    expect(sinceMs).toBeGreaterThan(950);
    await source.stop(GRACE_MS);
    expect(await sizeOf(queue)).toBe(0);
    expect(deaths).toEqual(ends);
  });
});

describe('a message that fails again and again', () => {
  it('goes to the dead-letter queue after the deliveries that are set', async () => {
    const dead = await createQueue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const queue = await createQueue({ RedrivePolicy });
    await send(queue, 'killer');
    const { wire } = await feed(queue, `${TELL_COUNTS} throw 1;`, { visibilityS: 1 });
    const receive = new ReceiveMessageCommand({ QueueUrl: dead.url, WaitTimeSeconds: 20 });
    const { Messages = [] } = await sqs.send(receive);
    expect(Messages.map(({ Body }) => Body)).toEqual(['killer']);
    expect(await wire.take(2)).toMatchObject([{ counts: ['killer:1'] }, { counts: ['killer:2'] }]);
    expect(wire.untaken).toBe(0);
  });
});

describe('a function whose role may only be fed', () => {
  const POLL = ['sqs:ReceiveMessage', 'sqs:DeleteMessage'];

  async function feedAs(name: string, actions: readonly string[]) {
    const queue = await createQueue();
    const grants = actions.map((action) => ({ action, resource: queue.arn }));
    judge.admit(name, new RolePolicy('Role', grants));
    const through = createSqs({ ...identityOf(name), endpoint: emulators.url });
    onTestFinished(() => through.destroy());
    await send(queue, 'a');
    const failFirst = 'if (event.Records[0].attributes.ApproximateReceiveCount === "1") throw 1;';
    return { queue, ...(await feed(queue, `${TELL_COUNTS} ${failFirst}`, { through })) };
  }

  it('is fed, and what it fails at comes back sooner than in AWS all the same', async () => {
    const { queue, wire, source } = await feedAs('fed', POLL);
    expect(await wire.take(2)).toMatchObject([{ counts: ['a:1'] }, { counts: ['a:2'] }]);
    await source.stop(GRACE_MS);
    expect(await sizeOf(queue)).toBe(0);
  });

  it.each(POLL)('needs %s of it', async (lacking) => {
    const name = `without-${lacking.slice('sqs:'.length)}`;
    await feedAs(
      name,
      POLL.filter((action) => action !== lacking),
    );
    await waitUntil('a denial', () => denials.includes(`${name} ${lacking}`));
  });
});

describe('invocations', () => {
  it('are as many at once as are set, and never more', async () => {
    const queue = await createQueue();
    await send(queue, ...numbers(8));
    const before = polls;
    const limits = { batchSize: 1, maxConcurrency: 3 };
    const { wire, source } = await feed(queue, 'tell("began"); await heard("go");', limits);
    await wire.take(3);
    // A source that thought it had room would have asked for more before the third began.
    expect(polls - before).toBe(3);
    expect(wire.untaken).toBe(0);
    wire.say('go');
    await wire.take(3);
    expect(wire.untaken).toBe(0);
    wire.say('go');
    await wire.take(2);
    wire.say('go');
    await source.stop(GRACE_MS);
    expect(await sizeOf(queue)).toBe(0);
  });
});

describe('an event source that stops', () => {
  it.each([1, 2])('waits for what runs, with room for %i', async (maxConcurrency) => {
    const queue = await createQueue();
    await send(queue, 'a');
    const { wire, source } = await feed(queue, 'tell(1); await heard("go");', { maxConcurrency });
    await wire.next();
    const stopped = source.stop(GRACE_MS);
    wire.say('go');
    await stopped;
    expect(await sizeOf(queue)).toBe(0);
  });

  it.each([1, 2])('waits no longer than its grace, with room for %i', async (maxConcurrency) => {
    const queue = await createQueue();
    await send(queue, 'a');
    const { wire, source } = await feed(queue, 'tell(1); await heard("x");', { maxConcurrency });
    await wire.next();
    const began = performance.now();
    await source.stop(100);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await sizeOf(queue)).toBe(1);
  });

  it('does not wait for a poll that finds nothing', async () => {
    const { source } = await feed(await createQueue(), 'tell(1);');
    const began = performance.now();
    await source.stop(GRACE_MS);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('takes no more messages', async () => {
    const queue = await createQueue();
    const { wire, source } = await feed(queue, 'tell(1);');
    await source.stop(GRACE_MS);
    await send(queue, 'late');
    expect(await sizeOf(queue)).toBe(1);
    expect(wire.untaken).toBe(0);
  });
});

describe('an outage of the queue', () => {
  it.each(['answers 500', 'hangs up'] as const)('is outlived when it %s', async (kind) => {
    const proxy = await startProxy();
    const through = createSqs({ ...LOCAL_IDENTITY, endpoint: proxy.url });
    onTestFinished(() => through.destroy());
    const queue = await createQueue();
    const { wire } = await feed(queue, 'tell(bodies);', { through });
    await send(queue, 'before');
    expect(await wire.next()).toEqual(['before']);
    await proxy.breakDown(kind, 4);
    await send(queue, 'during');
    proxy.repair();
    expect(await wire.next()).toEqual(['during']);
  });
});

/** A way to the queue that can be broken. */
async function startProxy() {
  let broken: 'answers 500' | 'hangs up' | undefined;
  let onRefused = () => {};
  const refuse = (response: ServerResponse) => {
    if (broken === 'hangs up') response.destroy();
    else response.writeHead(500).end('{}');
    onRefused();
  };
  const pass = (incoming: IncomingMessage, response: ServerResponse) => {
    const { method, headers, url = '/' } = incoming;
    const outgoing = request(new URL(url, emulators.url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  };
  const server = createServer((incoming, response) => {
    if (broken === undefined) pass(incoming, response);
    else refuse(response);
  });
  const url = await listen(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url,
    /** Ends what runs and refuses everything else; resolves after that many refusals. */
    breakDown: (kind: NonNullable<typeof broken>, refusals: number) =>
      new Promise<void>((resolve) => {
        let left = refusals;
        broken = kind;
        onRefused = () => {
          left -= 1;
          if (left === 0) resolve();
        };
        server.closeAllConnections();
      }),
    repair: () => {
      broken = undefined;
    },
  };
}
