import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { finisherEnvironment, Variables } from '../contract/environment.ts';
import { CrawlerFunction } from './crawler-function.ts';
import { grantInvoke } from './grant-invoke.ts';
import type { StackParts } from './stack-parts.ts';
import { watchedVariables } from './watched-variables.ts';

/** The function that finishes runs that have ended: invoked by the seeder, and by itself. */
export class Finisher extends Construct {
  readonly functionName: string;
  readonly logGroupName: string;
  readonly #function: IFunction;

  constructor(
    scope: Construct,
    id: string,
    {
      settings,
      encryption,
      table,
      bucket,
    }: Pick<StackParts, 'settings' | 'encryption' | 'table' | 'bucket'>,
  ) {
    super(scope, id);
    const environment: Variables<typeof finisherEnvironment> = {
      TABLE_NAME: table.tableName,
      BUCKET_NAME: bucket.bucketName,
      RESULT_RETENTION_DAYS: String(settings.resultRetentionDays),
      ...watchedVariables(this, settings),
    };
    const { function: finisher, logGroupName } = new CrawlerFunction(this, 'Finish', {
      settings,
      encryption,
      environment,
      folder: 'finisher',
      timeout: Duration.minutes(15),
      // One whole processor: it reads all results of a run twice. Two shards have to fit, too.
      memorySize: 1769,
    });
    table.grantWork(finisher);
    bucket.grantFinish(finisher);
    this.#function = finisher;
    this.functionName = finisher.functionName;
    this.logGroupName = logGroupName;
    this.grantInvoke('GoOn', finisher);
  }

  /** Allows invoking it. */
  grantInvoke(id: string, caller: IFunction): void {
    grantInvoke(this, id, { caller, invoked: this.#function });
  }
}
