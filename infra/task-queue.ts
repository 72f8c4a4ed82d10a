import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_TIMEOUT_S } from './dead-letter-timeout.ts';
import type { Settings } from './settings.ts';

/** AWS asks for six times the function's limit, so that a throttled batch is not handed out twice. */
const VISIBILITY_FACTOR = 6;

/** The task queue with its dead-letter queue: FIFO, one group for each host group. */
export class TaskQueue extends Construct {
  readonly url: string;
  readonly deadLetterUrl: string;
  readonly #queue: Queue;
  readonly #deadLetters: Queue;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.#settings = settings;
    const { workerTimeoutS, maxReceiveCount } = settings;
    this.#deadLetters = new Queue(this, 'DeadLetters', {
      ...FIFO,
      visibilityTimeout: Duration.seconds(DEAD_LETTER_TIMEOUT_S * VISIBILITY_FACTOR),
    });
    this.#queue = new Queue(this, 'Tasks', {
      ...FIFO,
      visibilityTimeout: Duration.seconds(workerTimeoutS * VISIBILITY_FACTOR),
      deadLetterQueue: { queue: this.#deadLetters, maxReceiveCount },
    });
    this.url = this.#queue.queueUrl;
    this.deadLetterUrl = this.#deadLetters.queueUrl;
  }

  /** Allows putting tasks. */
  grantSend(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:SendMessage']);
  }

  /** Allows reading how many tasks wait. */
  grantMeasure(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:GetQueueAttributes']);
  }

  /** Allows giving back and removing what was received. */
  grantReturn(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage']);
  }

  /** Tasks go to this function. */
  feed(worker: IFunction): void {
    const { batchSize, workerConcurrency } = this.#settings;
    const limits = { batchSize, maxConcurrency: workerConcurrency };
    const source = new SqsEventSource(this.#queue, { ...limits, reportBatchItemFailures: true });
    worker.addEventSource(source);
  }

  /** Dead tasks go to this function. */
  feedDead(deadLetter: IFunction): void {
    const limits = { batchSize: 10, maxConcurrency: 2 };
    const source = new SqsEventSource(this.#deadLetters, {
      ...limits,
      reportBatchItemFailures: true,
    });
    deadLetter.addEventSource(source);
  }

  #grant(grantee: IGrantable, actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.#queue.queueArn] });
  }
}

const FIFO: QueueProps = {
  fifo: true,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};
