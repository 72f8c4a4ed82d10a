import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { SQSEvent } from 'aws-lambda';
import { createDynamo, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { withExpiry } from '../../adapters/aws/expiring-items.ts';
import { meteredDynamo, meteredS3, meteredSqs } from '../../adapters/aws/metered-clients.ts';
import { S3ImageStore } from '../../adapters/aws/s3-image-store.ts';
import { S3ShardObjects } from '../../adapters/aws/s3-shard-objects.ts';
import { S3SideStore } from '../../adapters/aws/s3-side-store.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { withSignatures } from '../../adapters/bot-auth/with-signatures.ts';
import { FileImageStore } from '../../adapters/files/file-image-store.ts';
import { FileSideStore } from '../../adapters/files/file-side-store.ts';
import { reloadingHooks } from '../../adapters/hooks/reloading-hooks.ts';
import { readDocument } from '../../adapters/html/read-document.ts';
import { readRsl } from '../../adapters/html/read-rsl.ts';
import { HostRules } from '../../adapters/http/host-rules.ts';
import { ProxyRules } from '../../adapters/http/proxy-rules.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import { PublicSuffixRules } from '../../adapters/links/public-suffix-rules.ts';
import { ImageProcess } from '../../adapters/pixels/image-process.ts';
import { RunImageStore, storageOf } from '../../adapters/run-image-store.ts';
import { RunSideStore } from '../../adapters/run-side-store.ts';
import { ShardImageStore } from '../../adapters/shards/shard-image-store.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { createTelemetry } from '../../adapters/telemetry/create-telemetry.ts';
import { parseEnvironment, workerEnvironment } from '../../contract/environment.ts';
import { createWork } from '../../core/worker/work.ts';
import { onImage } from './on-image.ts';
import { onPage } from './on-page.ts';
import { type Invocation, workEvent } from './work-event.ts';

const environment = parseEnvironment(workerEnvironment, process.env);
const { TASK_QUEUE_URL, DEFERRED_QUEUE_URL, TABLE_NAME, BUCKET_NAME, STORAGE } = environment;
const { IMAGE_RETENTION_DAYS, RESULT_RETENTION_DAYS } = environment;
const addresses = {
  allowPrivate: environment.ALLOW_PRIVATE_ADDRESSES,
  hosts: new HostRules({ allowed: environment.ALLOWED_HOSTS, denied: environment.DENIED_HOSTS }),
  maxBytes: environment.MAX_BODY_BYTES,
};
const { telemetry, charge, meter } = createTelemetry('worker', environment, clock);
const openBucket = () => meteredS3(createS3(), charge);
const storage = storageOf(STORAGE === 'files', environment.IMAGE_STORAGE);
const imageStore = new RunImageStore(storage, {
  files: () => new FileImageStore(),
  objects: () => new S3ImageStore(openBucket(), BUCKET_NAME),
  shards: () => {
    const objects = new S3ShardObjects(openBucket(), BUCKET_NAME);
    return new ShardImageStore({ objects, clock, newName: randomUUID });
  },
});
const sideFiles = new RunSideStore(storage, {
  files: () => new FileSideStore(),
  bucket: () => new S3SideStore(openBucket(), BUCKET_NAME),
});
const imageProcess = new ImageProcess({
  module: fileURLToPath(new URL('./image/process.mjs', import.meta.url)),
  maxMemoryMb: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE / 2,
});
const queue = new SqsTaskQueue({
  sqs: meteredSqs(createSqs(), charge),
  clock,
  queueUrl: TASK_QUEUE_URL,
  deferredQueueUrl: DEFERRED_QUEUE_URL,
});
const { HOOKS_MODULE } = environment;
const hooks =
  HOOKS_MODULE === undefined ? { onImage, onPage } : reloadingHooks(HOOKS_MODULE, clock.now);
const fetcher = new UndiciFetcher(addresses, { proxies: new ProxyRules(environment.PROXIES) });
const dynamo = withExpiry(meteredDynamo(createDynamo(), charge), RESULT_RETENTION_DAYS);
const work = createWork({
  clock,
  queue,
  inspectImage,
  ...hooks,
  readDocument,
  readRsl,
  random: Math.random,
  observer: telemetry,
  meter,
  linkRules: new PublicSuffixRules(),
  maxInFlight: environment.MAX_IN_FLIGHT,
  visibilityMs: environment.LEASE_S * 1000,
  fetcher: await withSignatures(fetcher, environment, clock),
  imagesKeptMs: (IMAGE_RETENTION_DAYS || Number.POSITIVE_INFINITY) * 24 * 3_600_000,
  imageStore,
  earlierImages: imageStore,
  sideFiles,
  workImage: imageProcess.work,
  ledger: createDynamoLedger(dynamo, TABLE_NAME, clock),
});

/** Parts of the worker, for the process of `lambdas/fleet`. */
export const parts = { work, clock, queue, telemetry, leaseMs: environment.LEASE_S * 1000 };

/** Works tasks as long as there are any; those of its event that stay open are reported as failures. */
export const handler = telemetry.watch((event: SQSEvent, context: Invocation) =>
  workEvent(event, context, { work, clock, telemetry }),
);
