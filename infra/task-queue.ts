import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_TIMEOUT_S } from './dead-letter-timeout.ts';
import type { KeptProps } from './encryption.ts';
import { feedFunction } from './feed-function.ts';
import { keptQueue, visibilityFor } from './kept-queue.ts';
import type { Settings } from './settings.ts';

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
    const kept = { ...keptQueue(key), ...FIFO };
    this.#deadLetters = new Queue(this, 'DeadLetters', {
      ...kept,
      visibilityTimeout: visibilityFor(DEAD_LETTER_TIMEOUT_S),
    });
    this.#queue = new Queue(this, 'Tasks', {
      ...kept,
      visibilityTimeout: visibilityFor(workerTimeoutS),
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

  /** Allows giving back what was received, and holding it. */
  grantReturn(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:ChangeMessageVisibility']);
  }

  /** Allows receiving tasks, and deleting those that are done. */
  grantReceive(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:ReceiveMessage', 'sqs:DeleteMessage']);
  }

  /** Tasks go to this function, which may then receive and delete tasks by itself as well. */
  feed(worker: IFunction): void {
    const { batchSize, fleet, workerConcurrency } = this.#settings;
    const limits = { batchSize, maxConcurrency: workerConcurrency };
    // Where there is a fleet one sort of worker works, and is paid for.
    feedFunction(worker, this.#queue, fleet === null ? limits : { ...limits, enabled: false });
  }

  /** Dead tasks go to this function. */
  feedDead(deadLetter: IFunction): void {
    feedFunction(deadLetter, this.#deadLetters, { batchSize: 10, maxConcurrency: 2 });
  }

  #grant(grantee: IGrantable, actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.#queue.queueArn] });
  }
}

const FIFO: QueueProps = {
  fifo: true,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
};
