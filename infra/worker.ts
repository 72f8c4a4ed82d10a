import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CrawlerFunction } from './crawler-function.ts';
import { grantWork } from './grant-work.ts';
import type { StackParts } from './stack-parts.ts';
import { workerExtras } from './worker-packages.ts';
import { workerVariables } from './worker-variables.ts';

/** The function that downloads: fed by the task queue. */
export class Worker extends Construct {
  readonly functionName: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, parts: StackParts) {
    super(scope, id);
    const { settings, encryption, queue } = parts;
    const { function: worker, logGroupName } = new CrawlerFunction(this, 'Crawl', {
      settings,
      encryption,
      environment: workerVariables(this, parts),
      folder: 'worker',
      extras: workerExtras(settings),
      timeout: Duration.seconds(settings.workerTimeoutS),
      memorySize: settings.workerMemoryMb,
    });
    queue.feed(worker);
    grantWork(worker, parts);
    this.functionName = worker.functionName;
    this.logGroupName = logGroupName;
  }
}
