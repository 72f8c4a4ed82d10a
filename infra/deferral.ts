import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { deferralEnvironment, Variables } from '../contract/environment.ts';
import { CrawlerFunction } from './crawler-function.ts';
import { DEFERRAL_TIMEOUT_S } from './deferral-timeout.ts';
import type { StackParts } from './stack-parts.ts';
import { watchedVariables } from './watched-variables.ts';

/** The function that sends deferred tasks back to their groups: fed by the deferred queue. */
export class Deferral extends Construct {
  readonly functionName: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, { settings, encryption, queue, deferred }: StackParts) {
    super(scope, id);
    const environment: Variables<typeof deferralEnvironment> = {
      TASK_QUEUE_URL: queue.url,
      ...watchedVariables(this, settings),
    };
    const { function: deferral, logGroupName } = new CrawlerFunction(this, 'SendBack', {
      settings,
      encryption,
      environment,
      folder: 'deferral',
      timeout: Duration.seconds(DEFERRAL_TIMEOUT_S),
      memorySize: 256,
    });
    deferred.feed(deferral);
    queue.grantSend(deferral);
    this.functionName = deferral.functionName;
    this.logGroupName = logGroupName;
  }
}
