import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import type { seederEnvironment, Variables } from '../contract/environment.ts';
import { CrawlerFunction } from './crawler-function.ts';
import type { StackParts } from './stack-parts.ts';
import { watchedVariables } from './watched-variables.ts';

/** The function that turns lists into tasks. */
export class Seeder extends Construct {
  readonly functionName: string;

  constructor(scope: Construct, id: string, { settings, queue, table, bucket }: StackParts) {
    super(scope, id);
    const environment: Variables<typeof seederEnvironment> = {
      TASK_QUEUE_URL: queue.url,
      TABLE_NAME: table.tableName,
      ...watchedVariables(this, settings),
      BUCKET_NAME: bucket.bucketName,
      HOST_GROUPS: String(settings.groups),
      HOST_SHARDS: JSON.stringify(settings.hostShards),
      WINDOW_SIZE: String(settings.windowSize),
      MAX_QUEUED_TASKS: String(settings.maxQueuedTasks),
    };
    const { function: seeder } = new CrawlerFunction(this, 'Seed', {
      ...{ settings, environment, folder: 'seeder' },
      timeout: Duration.minutes(15),
      memorySize: 1024,
    });
    queue.grantSend(seeder);
    queue.grantMeasure(seeder);
    table.grantSeed(seeder);
    bucket.grantReadSeeds(seeder);
    this.#grantGoOn(seeder);
    this.functionName = seeder.functionName;
  }

  /** A policy of its own: in the role's default one the function would wait for itself. */
  #grantGoOn(seeder: NodejsFunction): void {
    const policy = new Policy(this, 'GoOn', {
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [seeder.functionArn],
        }),
      ],
    });
    seeder.role?.attachInlinePolicy(policy);
  }
}
