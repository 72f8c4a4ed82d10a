import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { KeptProps } from './encryption.ts';
import { keptQueue } from './kept-queue.ts';

/** Tries of an event after the first one: nobody waits for its answer. */
const RETRIES = 2;
/** How often runs are looked at that stand still. */
const WATCH_EVERY = Duration.minutes(15);
/** Visibility timeout while a person reads an event. */
const READING = Duration.seconds(30);

interface SeederFailuresProps extends KeptProps {
  readonly seeder: IFunction;
}

/** What becomes of a seeder that failed: its event is kept, and its run is taken up again. */
export class SeederFailures extends Construct {
  readonly queueName: string;

  constructor(scope: Construct, id: string, { encryption: { key }, seeder }: SeederFailuresProps) {
    super(scope, id);
    const queue = new Queue(this, 'Events', { ...keptQueue(key), visibilityTimeout: READING });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is itself a queue of failures: no function receives from it, so no message is retried.',
    });
    this.#keepFailed(seeder, queue);
    new Rule(this, 'Watch', {
      description: 'Runs whose seeder died, or whose groups stand still, are taken up again',
      schedule: Schedule.rate(WATCH_EVERY),
      targets: [new LambdaFunction(seeder, { event: RuleTargetInput.fromObject({ watch: true }) })],
    });
    this.queueName = queue.queueName;
  }

  /** The property itself: the construct's own way would grant more of the key than it takes. */
  #keepFailed(seeder: IFunction, queue: Queue): void {
    const grant = Grant.addToPrincipal({
      grantee: seeder,
      actions: ['sqs:SendMessage'],
      resourceArns: [queue.queueArn],
    });
    const config = new CfnEventInvokeConfig(this, 'Failed', {
      functionName: seeder.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: RETRIES,
      destinationConfig: { onFailure: { destination: queue.queueArn } },
    });
    // Lambda looks whether the function may send there.
    grant.applyBefore(config);
  }
}
