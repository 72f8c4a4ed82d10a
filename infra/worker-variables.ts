import type { Construct } from 'constructs';
import type { Variables, workerEnvironment } from '../contract/environment.ts';
import { botVariables } from './bot-secret.ts';
import type { StackParts } from './stack-parts.ts';
import { watchedVariables } from './watched-variables.ts';

/** A worker that died gives its tasks to the next one after so many seconds. */
const LEASE_S = 60;

/** The environment of a worker, be it a function or a container. */
export function workerVariables(
  scope: Construct,
  { settings, queue, deferred, table, bucket }: StackParts,
): Variables<typeof workerEnvironment> {
  return {
    TASK_QUEUE_URL: queue.url,
    DEFERRED_QUEUE_URL: deferred.url,
    TABLE_NAME: table.tableName,
    ...watchedVariables(scope, settings),
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
}
