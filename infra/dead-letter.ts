import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { deadLetterEnvironment, Variables } from '../contract/environment.ts';
import { CrawlerFunction } from './crawler-function.ts';
import { DEAD_LETTER_TIMEOUT_S } from './dead-letter-timeout.ts';
import type { StackParts } from './stack-parts.ts';
import { watchedVariables } from './watched-variables.ts';

/** The function that takes dead tasks apart: fed by the dead-letter queues. */
export class DeadLetter extends Construct {
  readonly functionName: string;
  readonly logGroupName: string;

  constructor(
    scope: Construct,
    id: string,
    { settings, encryption, queue, deferred, table }: StackParts,
  ) {
    super(scope, id);
    const environment: Variables<typeof deadLetterEnvironment> = {
      TASK_QUEUE_URL: queue.url,
      TABLE_NAME: table.tableName,
      RESULT_RETENTION_DAYS: String(settings.resultRetentionDays),
      ...watchedVariables(this, settings),
    };
    const { function: deadLetter, logGroupName } = new CrawlerFunction(this, 'Dismantle', {
      settings,
      encryption,
      environment,
      folder: 'dead-letter',
      timeout: Duration.seconds(DEAD_LETTER_TIMEOUT_S),
      memorySize: 512,
      reservedConcurrency: settings.reservedConcurrency || undefined,
    });
    queue.feedDead(deadLetter);
    deferred.feedDead(deadLetter);
    queue.grantSend(deadLetter);
    table.grantDismantle(deadLetter);
    this.functionName = deadLetter.functionName;
    this.logGroupName = logGroupName;
  }
}
