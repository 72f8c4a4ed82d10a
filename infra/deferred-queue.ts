import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_TIMEOUT_S } from './dead-letter-timeout.ts';
import { DEFERRAL_TIMEOUT_S } from './deferral-timeout.ts';
import type { KeptProps } from './encryption.ts';
import { feedFunction } from './feed-function.ts';
import { keptQueue, visibilityFor } from './kept-queue.ts';

/** Deliveries of a deferred task that failed, half an hour in all: longer than most troubles of SQS. */
const MAX_RECEIVE_COUNT = 10;

/**
 * Where tasks wait that come back to their groups later. A standard queue, because a FIFO queue has
 * no delay for a single message; and a dead-letter queue of its own, because that of a FIFO queue
 * takes nothing from a standard one.
 */
export class DeferredQueue extends Construct {
  readonly url: string;
  readonly name: string;
  readonly deadLetterName: string;
  readonly #queue: Queue;
  readonly #deadLetters: Queue;

  constructor(scope: Construct, id: string, { encryption: { key } }: KeptProps) {
    super(scope, id);
    const kept = keptQueue(key);
    this.#deadLetters = new Queue(this, 'DeferredDeadLetters', {
      ...kept,
      visibilityTimeout: visibilityFor(DEAD_LETTER_TIMEOUT_S),
    });
    this.#queue = new Queue(this, 'Tasks', {
      ...kept,
      visibilityTimeout: visibilityFor(DEFERRAL_TIMEOUT_S),
      deadLetterQueue: { queue: this.#deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.url = this.#queue.queueUrl;
    this.name = this.#queue.queueName;
    this.deadLetterName = this.#deadLetters.queueName;
  }

  /** Allows deferring tasks. */
  grantDefer(grantee: IGrantable): void {
    const resourceArns = [this.#queue.queueArn];
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns });
  }

  /** Deferred tasks go to this function when their time has come. */
  feed(deferral: IFunction): void {
    feedFunction(deferral, this.#queue, { batchSize: 10, maxConcurrency: 5 });
  }

  /** Deferred tasks that could not be sent back, and what is no task, go to this function. */
  feedDead(deadLetter: IFunction): void {
    feedFunction(deadLetter, this.#deadLetters, { batchSize: 10, maxConcurrency: 2 });
  }
}
