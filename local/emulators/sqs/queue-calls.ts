import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../../local-clients.ts';
import { AwsError } from '../aws-error.ts';
import { type Fields, isFields, optionalText, textIn, textsIn } from '../fields.ts';
import { Queue } from './queue.ts';
import type { SqsCall, SqsRequest } from './sqs-call.ts';
import { invalidParameter, noSuchQueue } from './sqs-error.ts';

const ARN = `arn:aws:sqs:${LOCAL_IDENTITY.region}:${LOCAL_ACCOUNT}:`;
/** Attributes that a queue can be given; how long messages are kept is not looked at here. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'FifoQueue',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
]);
const DEFAULTS = { VisibilityTimeout: '30', MessageRetentionPeriod: '345600' } as const;
const QUEUE_NAME = /^[\w-]{1,80}$|^[\w-]{1,75}\.fifo$/;

/** Calls for queues as such. */
export const QUEUE_CALLS = {
  CreateQueue: { parameters: ['QueueName', 'Attributes', 'tags'], run: createQueue },
  DeleteQueue: {
    parameters: ['QueueUrl'],
    run: ({ input, queues }) => {
      const queue = queueIn(input, queues);
      queues.delete(queue.options.name);
      queue.close();
      return {};
    },
  },
  GetQueueUrl: {
    parameters: ['QueueName'],
    run: ({ input, queues, host }) => {
      const queue = queues.get(textIn(input, 'QueueName'));
      if (queue === undefined) throw noSuchQueue();
      return { QueueUrl: urlOf(queue, host) };
    },
  },
  ListQueues: {
    parameters: ['QueueNamePrefix'],
    run: ({ input, queues, host }) => {
      const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
      const some = [...queues.values()].filter(({ options }) => options.name.startsWith(prefix));
      return { QueueUrls: some.map((queue) => urlOf(queue, host)) };
    },
  },
  GetQueueAttributes: { parameters: ['QueueUrl', 'AttributeNames'], run: attributesOf },
} as const satisfies Record<string, SqsCall>;

function createQueue({ input, queues, host, now }: SqsRequest): Fields {
  const name = textIn(input, 'QueueName');
  if (!QUEUE_NAME.test(name))
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  const attributes = readAttributes(input['Attributes']);
  const isFifo = attributes['FifoQueue'] === 'true';
  if (isFifo !== name.endsWith('.fifo'))
    throw invalidParameter(
      'FifoQueue',
      isFifo,
      'The name of a FIFO queue ends with .fifo, and no other one does.',
    );
  const known = queues.get(name);
  if (known !== undefined) {
    if (isSame(known.options.attributes, attributes)) return { QueueUrl: urlOf(known, host) };
    throw new AwsError(
      'QueueNameExists',
      'A queue already exists with the same name and a different value for some attribute',
    );
  }
  const queue = new Queue({
    name,
    arn: `${ARN}${name}`,
    attributes,
    isFifo,
    idsOfGroups: attributes['DeduplicationScope'] === 'messageGroup',
    visibilityS: Number(attributes['VisibilityTimeout']),
    redrive: redriveOf(attributes['RedrivePolicy'], queues),
    now,
  });
  queues.set(name, queue);
  return { QueueUrl: urlOf(queue, host) };
}

function readAttributes(given: unknown): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = { ...DEFAULTS };
  for (const [name, value] of Object.entries(isFields(given) ? given : {})) {
    if (!ATTRIBUTES.has(name) || typeof value !== 'string')
      throw new AwsError(
        'InvalidAttributeName',
        `attribute ${name} of a queue is not supported on this machine`,
      );
    attributes[name] = value;
  }
  // Where it is false it is not told either.
  if (attributes['FifoQueue'] === 'false') delete attributes['FifoQueue'];
  return attributes;
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]);
}

function redriveOf(policy: string | undefined, queues: ReadonlyMap<string, Queue>) {
  if (policy === undefined) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
  const to = String(deadLetterTargetArn).slice(ARN.length);
  if (!queues.has(to))
    throw invalidParameter('RedrivePolicy', policy, 'Dead letter target does not exist.');
  return { maxReceiveCount: Number(maxReceiveCount), to: () => queues.get(to) };
}

function urlOf({ options }: Queue, host: string): string {
  return `http://${host}/${LOCAL_ACCOUNT}/${options.name}`;
}

/** The queue that a request names by its URL. @throws AwsError */
export function queueIn(input: Fields, queues: ReadonlyMap<string, Queue>): Queue {
  const url = textIn(input, 'QueueUrl');
  const queue = queues.get(url.slice(url.lastIndexOf('/') + 1));
  if (queue === undefined) throw noSuchQueue();
  return queue;
}

function attributesOf({ input, queues }: SqsRequest): Fields {
  const queue = queueIn(input, queues);
  const wanted = textsIn(input, 'AttributeNames');
  const { waiting, out, delayed } = queue.counts();
  const all: Readonly<Record<string, string>> = {
    ...queue.options.attributes,
    QueueArn: queue.options.arn,
    ApproximateNumberOfMessages: String(waiting),
    ApproximateNumberOfMessagesNotVisible: String(out),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
  const some = Object.entries(all).filter(
    ([name]) => wanted.includes(name) || wanted.includes('All'),
  );
  return some.length === 0 ? {} : { Attributes: Object.fromEntries(some) };
}
