import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Variables, workerEnvironment } from '../contract/environment.ts';
import { botVariables, grantBotKey } from './bot-secret.ts';
import { CrawlerFunction } from './crawler-function.ts';
import type { StackParts } from './stack-parts.ts';
import { watchedVariables } from './watched-variables.ts';
import { workerExtras } from './worker-packages.ts';

/** A worker that died gives its tasks to the next one after so many seconds. */
const LEASE_S = 60;

/** The function that downloads: fed by the task queue. */
export class Worker extends Construct {
  readonly functionName: string;
  readonly logGroupName: string;

  constructor(
    scope: Construct,
    id: string,
    { settings, encryption, queue, deferred, table, bucket }: StackParts,
  ) {
    super(scope, id);
    const environment: Variables<typeof workerEnvironment> = {
      TASK_QUEUE_URL: queue.url,
      DEFERRED_QUEUE_URL: deferred.url,
      TABLE_NAME: table.tableName,
      ...watchedVariables(this, settings),
      ...botVariables(settings),
      BUCKET_NAME: bucket.bucketName,
      IMAGE_STORAGE: settings.imageStorage,
      ALLOW_PRIVATE_ADDRESSES: String(settings.allowPrivateAddresses),
      ALLOWED_HOSTS: JSON.stringify(settings.allowedHosts),
      DENIED_HOSTS: JSON.stringify(settings.deniedHosts),
      PROXIES: JSON.stringify({
        http: settings.proxy ?? undefined,
        https: settings.proxy ?? undefined,
      }),
      MAX_BODY_BYTES: String(settings.maxBodyBytes),
      MAX_IN_FLIGHT: String(settings.maxInFlight),
      LEASE_S: String(LEASE_S),
      IMAGE_RETENTION_DAYS: String(settings.imageRetentionDays),
      RESULT_RETENTION_DAYS: String(settings.resultRetentionDays),
    };
    const { function: worker, logGroupName } = new CrawlerFunction(this, 'Crawl', {
      settings,
      encryption,
      environment,
      folder: 'worker',
      extras: workerExtras(settings),
      timeout: Duration.seconds(settings.workerTimeoutS),
      memorySize: settings.workerMemoryMb,
    });
    queue.feed(worker);
    queue.grantSend(worker);
    queue.grantReturn(worker);
    deferred.grantDefer(worker);
    table.grantWork(worker);
    bucket.grantStoreImages(worker);
    grantBotKey(worker, settings);
    this.functionName = worker.functionName;
    this.logGroupName = logGroupName;
  }
}
