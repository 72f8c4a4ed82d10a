import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { grantBotKey } from './bot-secret.ts';
import type { StackParts } from './stack-parts.ts';

/** Allows what a worker does with tasks that it has received, be it a function or a container. */
export function grantWork(
  worker: IFunction | IRole,
  { settings, queue, deferred, table, bucket }: StackParts,
): void {
  queue.grantSend(worker);
  queue.grantReturn(worker);
  deferred.grantDefer(worker);
  table.grantWork(worker);
  bucket.grantStoreImages(worker);
  grantBotKey(worker, settings);
}
