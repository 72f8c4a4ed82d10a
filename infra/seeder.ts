import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { INBOX } from '../contract/bucket-keys.ts';
import type { seederEnvironment, Variables } from '../contract/environment.ts';
import { CrawlerFunction } from './crawler-function.ts';
import type { Finisher } from './finisher.ts';
import { grantInvoke } from './grant-invoke.ts';
import { SeederFailures } from './seeder-failures.ts';
import type { StackParts } from './stack-parts.ts';
import { watchedVariables } from './watched-variables.ts';

/** What the seeder is wired to: runs that have ended it gives to the finisher. */
interface SeederParts extends StackParts {
  readonly finisher: Finisher;
}

/** The function that turns lists into tasks: invoked by people, by a dropped list, by the clock. */
export class Seeder extends Construct {
  readonly functionName: string;
  readonly logGroupName: string;
  /** Where the events are kept that failed. */
  readonly failuresName: string;

  constructor(scope: Construct, id: string, parts: SeederParts) {
    super(scope, id);
    const { settings, encryption, queue, table, bucket, inbox } = parts;
    const environment: Variables<typeof seederEnvironment> = {
      ...environmentOf(parts),
      ...watchedVariables(this, settings),
    };
    const { function: seeder, logGroupName } = new CrawlerFunction(this, 'Seed', {
      settings,
      encryption,
      environment,
      folder: 'seeder',
      timeout: Duration.minutes(15),
      // One whole processor: reading and packing lists is all that it does.
      memorySize: 1769,
      reservedConcurrency: settings.reservedConcurrency || undefined,
    });
    queue.grantSend(seeder);
    table.grantSeed(seeder);
    bucket.grantSeed(seeder);
    inbox.grantRead(seeder);
    grantInvoke(this, 'GoOn', { caller: seeder, invoked: seeder });
    parts.finisher.grantInvoke('Begin', seeder);
    this.#takeDropped(seeder, inbox.bucketName);
    this.#takeScheduled(seeder, parts);
    const failures = new SeederFailures(this, 'Failures', { settings, encryption, seeder });
    this.failuresName = failures.queueName;
    this.functionName = seeder.functionName;
    this.logGroupName = logGroupName;
  }

  #takeDropped(seeder: NodejsFunction, bucketName: string): void {
    new Rule(this, 'Dropped', {
      description: `A list that is put below ${INBOX} becomes a run`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucketName] }, object: { key: [{ prefix: INBOX }] } },
      },
      targets: [new LambdaFunction(seeder)],
    });
  }

  #takeScheduled(seeder: NodejsFunction, { settings, bucket }: StackParts): void {
    if (settings.schedules.length > 0) bucket.grantReadLists(seeder);
    for (const [at, { list, every, maxAgeHours }] of settings.schedules.entries()) {
      const event = RuleTargetInput.fromObject({
        scheduled: list,
        time: EventField.time,
        maxAgeHours,
      });
      new Rule(this, `Schedule${at}`, {
        description: `Crawls ${list} again and again`,
        schedule: Schedule.expression(every),
        targets: [new LambdaFunction(seeder, { event })],
      });
    }
  }
}

function environmentOf({ settings, queue, table, bucket, finisher }: SeederParts) {
  return {
    TASK_QUEUE_URL: queue.url,
    TABLE_NAME: table.tableName,
    BUCKET_NAME: bucket.bucketName,
    HOST_GROUPS: String(settings.groups),
    HOST_SHARDS: JSON.stringify(settings.hostShards),
    WINDOW_SIZE: String(settings.windowSize),
    RUN_DEFAULTS: JSON.stringify({
      ...settings.runDefaults,
      maxCost: settings.maxRunCost || undefined,
    }),
    LIST_FIELD: settings.listField,
    LIST_KEEP: JSON.stringify(settings.listKeep),
    LIST_HASH_FIELD: settings.listHashField ?? '',
    MAX_LIST_BYTES: String(settings.maxListBytes),
    FINISHER_FUNCTION_NAME: finisher.functionName,
    RESULT_RETENTION_DAYS: String(settings.resultRetentionDays),
  };
}
