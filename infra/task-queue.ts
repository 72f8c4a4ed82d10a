import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { EventSourceMappingOptions, IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_TIMEOUT_S } from './dead-letter-timeout.ts';
import type { KeptProps } from './encryption.ts';
import type { Settings } from './settings.ts';

/** AWS asks for six times the function's limit, so that a throttled batch is not handed out twice. */
const VISIBILITY_FACTOR = 6;

/** The task queue with its dead-letter queue: FIFO, one group for each host group. */
export class TaskQueue extends Construct {
  readonly url: string;
  readonly deadLetterUrl: string;
  readonly name: string;
  readonly deadLetterName: string;
  readonly #queue: Queue;
  readonly #deadLetters: Queue;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, { settings, encryption: { key } }: KeptProps) {
    super(scope, id);
    this.#settings = settings;
    const { workerTimeoutS, maxReceiveCount } = settings;
    const kept = { ...FIFO, ...encryptedBy(key) };
    this.#deadLetters = new Queue(this, 'DeadLetters', {
      ...kept,
      visibilityTimeout: Duration.seconds(DEAD_LETTER_TIMEOUT_S * VISIBILITY_FACTOR),
    });
    this.#queue = new Queue(this, 'Tasks', {
      ...kept,
      visibilityTimeout: Duration.seconds(workerTimeoutS * VISIBILITY_FACTOR),
      deadLetterQueue: { queue: this.#deadLetters, maxReceiveCount },
    });
    this.url = this.#queue.queueUrl;
    this.deadLetterUrl = this.#deadLetters.queueUrl;
    this.name = this.#queue.queueName;
    this.deadLetterName = this.#deadLetters.queueName;
  }

  /** Allows putting tasks. */
  grantSend(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:SendMessage']);
  }

  /** Allows reading how many tasks wait. */
  grantMeasure(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:GetQueueAttributes']);
  }

  /** Allows giving back what was received. */
  grantReturn(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:ChangeMessageVisibility']);
  }

  /** Tasks go to this function. */
  feed(worker: IFunction): void {
    const { batchSize, workerConcurrency } = this.#settings;
    feed(worker, this.#queue, { batchSize, maxConcurrency: workerConcurrency });
  }

  /** Dead tasks go to this function. */
  feedDead(deadLetter: IFunction): void {
    feed(deadLetter, this.#deadLetters, { batchSize: 10, maxConcurrency: 2 });
  }

  #grant(grantee: IGrantable, actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.#queue.queueArn] });
  }
}

/** All that Lambda's pollers ask of a queue, as the function: `SqsEventSource` would grant more. */
const POLL = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

function feed(target: IFunction, queue: Queue, limits: EventSourceMappingOptions): void {
  Grant.addToPrincipal({ grantee: target, actions: POLL, resourceArns: [queue.queueArn] });
  const source = { eventSourceArn: queue.queueArn, reportBatchItemFailures: true };
  target.addEventSourceMapping(queue.node.id, { ...source, ...limits });
}

function encryptedBy(key: IKey | undefined): QueueProps {
  if (key === undefined) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: key };
}

const FIFO: QueueProps = {
  fifo: true,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};
