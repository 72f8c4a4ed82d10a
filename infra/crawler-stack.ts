import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { OutputName } from '../contract/stack-outputs.ts';
import { AccessLogs } from './access-logs.ts';
import { BotSite } from './bot-site.ts';
import { DeadLetter } from './dead-letter.ts';
import { Deferral } from './deferral.ts';
import { DeferredQueue } from './deferred-queue.ts';
import { Encryption } from './encryption.ts';
import { Finisher } from './finisher.ts';
import { Fleet } from './fleet/fleet.ts';
import { ImageBucket } from './image-bucket.ts';
import { Inbox } from './inbox.ts';
import { ResultsTable } from './results-table.ts';
import { Seeder } from './seeder.ts';
import type { Settings } from './settings.ts';
import { TaskQueue } from './task-queue.ts';
import { Watch } from './watch/watch.ts';
import { Worker } from './worker.ts';

/** The whole crawler: queues, table, bucket, the functions between them, and what watches them. */
export class CrawlerStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, props?: StackProps) {
    super(scope, id, props);
    for (const [name, value] of Object.entries(settings.tags)) Tags.of(this).add(name, value);
    const encryption = new Encryption(this, 'Encryption', settings);
    const kept = { settings, encryption };
    const queue = new TaskQueue(this, 'TaskQueue', kept);
    const deferred = new DeferredQueue(this, 'DeferredQueue', kept);
    const table = new ResultsTable(this, 'ResultsTable', kept);
    const accessLogs = new AccessLogs(this, 'AccessLogs', settings);
    const bucketProps = { ...kept, accessLogs: accessLogs.bucket };
    const bucket = new ImageBucket(this, 'ImageBucket', bucketProps);
    const inbox = new Inbox(this, 'Inbox', bucketProps);
    const site = settings.botSite;
    if (site !== null)
      new BotSite(this, 'BotSite', { settings, site, accessLogs: accessLogs.bucket });
    const parts = { settings, encryption, queue, deferred, table, bucket, inbox };
    const finisher = new Finisher(this, 'Finisher', parts);
    const seeder = new Seeder(this, 'Seeder', { ...parts, finisher });
    const worker = new Worker(this, 'Worker', parts);
    const fleet =
      settings.fleet === null
        ? undefined
        : new Fleet(this, 'Fleet', { ...parts, fleet: settings.fleet });
    const deferral = new Deferral(this, 'Deferral', parts);
    const deadLetter = new DeadLetter(this, 'DeadLetter', parts);
    const watched = { seeder, worker, deferral, deadLetter, finisher, fleet };
    new Watch(this, 'Watch', { ...parts, ...watched });
    this.#tell({
      TaskQueueUrl: queue.url,
      DeadLetterQueueUrl: queue.deadLetterUrl,
      TableName: table.tableName,
      BucketName: bucket.bucketName,
      InboxBucketName: inbox.bucketName,
      SeederFunctionName: seeder.functionName,
      WorkerFunctionName: worker.functionName,
      DeadLetterFunctionName: deadLetter.functionName,
      FinisherFunctionName: finisher.functionName,
      DeferralFunctionName: deferral.functionName,
      MaxRunCost: String(settings.maxRunCost),
      ResultRetentionDays: String(settings.resultRetentionDays),
      ImageWork: String(settings.imageWork),
      HostGrouping: JSON.stringify({ groups: settings.groups, hostShards: settings.hostShards }),
    });
  }

  #tell(outputs: StackOutputs): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

/** What the command reads of a deployed stack. */
type StackOutputs = Readonly<Record<OutputName, string>>;
