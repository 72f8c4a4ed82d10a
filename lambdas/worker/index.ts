import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createDynamo, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { createDynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { S3ImageStore } from '../../adapters/aws/s3-image-store.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { FileImageStore } from '../../adapters/files/file-image-store.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { parseEnvironment, workerEnvironment } from '../../contract/environment.ts';
import { createWork } from '../../core/work.ts';
import { type Invocation, workEvent } from '../work-event.ts';
import { onImage } from './on-image.ts';

const environment = parseEnvironment(workerEnvironment, process.env);
const { TASK_QUEUE_URL, TABLE_NAME, BUCKET_NAME, STORAGE, ALLOW_PRIVATE_ADDRESSES } = environment;
const imageStores = {
  s3: () => new S3ImageStore(createS3(), BUCKET_NAME),
  files: () => new FileImageStore(),
};
const queue = new SqsTaskQueue(createSqs(), TASK_QUEUE_URL, clock);
const work = createWork({
  ...{ clock, queue, inspectImage, onImage, random: Math.random },
  fetcher: new UndiciFetcher({ allowPrivate: ALLOW_PRIVATE_ADDRESSES }),
  imageStore: imageStores[STORAGE](),
  ledger: createDynamoLedger(createDynamo(), TABLE_NAME, clock),
});

/** Works the tasks of a batch; the ones that stay open are reported as its failures. */
export const handler = (event: SQSEvent, context: Invocation): Promise<SQSBatchResponse> =>
  workEvent(event, context, { work, queue, clock });
