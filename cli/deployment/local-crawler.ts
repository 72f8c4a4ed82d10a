import { constants, copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDynamo, createLambda, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { deleteObjects } from '../../adapters/aws/delete-objects.ts';
import { deleteRun } from '../../adapters/aws/delete-run.ts';
import { DynamoHostLedger } from '../../adapters/aws/dynamo-host-ledger.ts';
import { DynamoResultLedger } from '../../adapters/aws/dynamo-result-ledger.ts';
import { DynamoRunLedger } from '../../adapters/aws/dynamo-run-ledger.ts';
import { DynamoTaskLedger } from '../../adapters/aws/dynamo-task-ledger.ts';
import { LambdaSeeder } from '../../adapters/aws/lambda-seeder.ts';
import { openImage, streamObject } from '../../adapters/aws/open-image.ts';
import { RunArchive } from '../../adapters/aws/run-archive.ts';
import { S3ShardShelf } from '../../adapters/aws/s3-shard-shelf.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { imagesInBucket } from '../../adapters/datasets/bucket-images.ts';
import { imagesInFolder } from '../../adapters/datasets/image-files.ts';
import { deleteFiles } from '../../adapters/files/delete-files.ts';
import { finishInvocation } from '../../adapters/finish/finish-invocation.ts';
import { freeShards } from '../../adapters/finish/free-shards.ts';
import { readingFrom } from '../../adapters/finish/read-ended.ts';
import { removeTables } from '../../adapters/finish/remove-tables.ts';
import { WORKER_LIFE_MS } from '../../adapters/finish/worker-life.ts';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openByScheme } from '../../adapters/seeds/open-by-scheme.ts';
import { openFile } from '../../adapters/seeds/open-file.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { SEEDS } from '../../contract/bucket-keys.ts';
import { seedKey } from '../../contract/image-name.ts';
import { readMaxRunCost, readResultDays } from '../../contract/stack-outputs.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { nextInvocationEnd, openLocalLedger, startLocalStack } from '../../local/local-stack.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { checkEndpoint } from '../options/check-endpoint.ts';
import { picturesOf } from '../watch/bucket-pictures.ts';
import type { Crawler, OpenArchive, RunnerOptions, RunRemover } from './crawler.ts';
import { groupingOfStack } from './grouping-of-stack.ts';
import { errorCode } from './system-error.ts';

/** Where runs of this machine are. */
interface LocalPlace {
  /** Absolute. */
  readonly dataDir: string;
  /** A server that stands for AWS. */
  readonly endpoint?: string;
}

/** The lists of runs of this machine: they are kept as files. */
export const localLists = new ListSource(openByScheme({ 'file:': openFile }));

/** The runs of a data directory, of another process where one works on it. */
export async function openLocalArchive({
  dataDir,
  endpoint,
}: LocalPlace): Promise<OpenArchive | undefined> {
  await checkEndpoint(endpoint);
  const ledger = await openLocalLedger(dataDir, endpoint);
  if (ledger === undefined) return undefined;
  const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: ledger.endpoints.dynamodb });
  if (ledger.live) dynamo.middlewareStack.add(tellEnd(dataDir), TELL_END);
  const table = { dynamo, name: ledger.outputs.TableName, clock: systemClock };
  const archive = new RunArchive(dynamo, table.name);
  const s3 = createS3({ ...LOCAL_IDENTITY, endpoint: ledger.endpoints.s3 });
  const bucket = ledger.outputs.BucketName;
  const hosts = new DynamoHostLedger(table);
  const close = async () => {
    dynamo.destroy();
    s3.destroy();
    await ledger.close();
  };
  const shelf = new S3ShardShelf(s3, bucket);
  const remover: RunRemover = {
    removeImages: async (places) => {
      await deleteFiles(places);
      await deleteObjects(s3, places);
    },
    removeLists: ({ runId }) => rm(join(dataDir, SEEDS, runId), { recursive: true, force: true }),
    removeTables: (run) => removeTables(shelf, run),
    removeItems: (run) => deleteRun(table, run),
  };
  const worksOn = (runId: string) => ledger.live && ledger.runs.includes(runId);
  return {
    archive,
    hosts,
    live: ledger.live,
    worksOn,
    resultDays: readResultDays(ledger.outputs),
    imagesUri: `s3://${bucket}/images`,
    openPicture: picturesOf(openImage(s3)),
    imagesOf: ({ settings: { imagesFolder } }) =>
      imagesFolder === undefined ? imagesInBucket(openImage(s3)) : imagesInFolder(imagesFolder),
    streamObject: streamObject(s3),
    finish: async ({ runId }) => {
      const end = await finishInvocation({ runId }, () => false, {
        shelf,
        ledger: new DynamoResultLedger(table),
        runs: new DynamoRunLedger(table),
        clock: systemClock,
        ...readingFrom(table, ledger.live ? WORKER_LIFE_MS : 0),
        freeShards: (uris, run, isLate) => freeShards(uris, run, isLate, { archive, worksOn }),
      });
      return end.kind === 'finished' ? end.sums : undefined;
    },
    lists: localLists,
    remover,
    close,
  };
}

/** The synthesised stack on this machine. */
export async function startLocalCrawler(
  { dataDir, endpoint }: LocalPlace,
  { capacity, ...options }: RunnerOptions,
): Promise<Crawler> {
  await checkEndpoint(endpoint);
  const stack = await startLocalStack({ dataDir, endpoint, ...options, ...capacity });
  const { endpoints, outputs } = stack;
  const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: endpoints.dynamodb });
  const sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: endpoints.sqs });
  const lambda = createLambda({ ...LOCAL_IDENTITY, endpoint: endpoints.lambda });
  const s3 = createS3({ ...LOCAL_IDENTITY, endpoint: endpoints.s3 });
  const seeder = new LambdaSeeder(lambda, outputs.SeederFunctionName);
  const table = { dynamo, name: outputs.TableName, clock: systemClock };
  return {
    archive: new RunArchive(dynamo, table.name),
    hosts: new DynamoHostLedger(table),
    seeder: {
      start: (runId) => {
        stack.worksOn(runId);
        return seeder.start(runId);
      },
      wake: (runId) => {
        stack.worksOn(runId);
        return seeder.wake(runId);
      },
    },
    queue: new SqsTaskQueue({ sqs, clock: systemClock, queueUrl: outputs.TaskQueueUrl }),
    tasks: new DynamoTaskLedger(table),
    grouping: groupingOfStack(outputs),
    maxRunCost: readMaxRunCost(outputs),
    imageWork: outputs.ImageWork === 'true',
    keepList: (path, runId, index) => copyList(path, join(dataDir, seedKey(runId, index))),
    openPicture: picturesOf(openImage(s3)),
    nextEvent: nextInvocationEnd,
    close: async (graceMs) => {
      for (const client of [dynamo, sqs, lambda, s3]) client.destroy();
      await stack.stop(graceMs);
    },
  };
}

/** A copy, so that the run can be resumed when the original is gone; free where files are cloned. */
async function copyList(path: string, copy: string): Promise<string> {
  await mkdir(join(copy, '..'), { recursive: true });
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  return pathToFileURL(copy).href;
}

/** Where the SDK puts it in the way of a request, around its retries. */
const TELL_END = { step: 'initialize', name: 'tellEnd' } as const;

/** The crawl of another process may end while it is asked: its table is gone then for a moment. */
function tellEnd(dataDir: string) {
  return <Args, Output>(next: (args: Args) => Promise<Output>) =>
    async (args: Args) => {
      try {
        return await next(args);
      } catch (error) {
        if (!/^(ECONNREFUSED|ECONNRESET|EPIPE)$/.test(errorCode(error) ?? '')) throw error;
        const message = `the crawl that was using ${dataDir} has just ended: try again`;
        throw new CommandError(message, EXIT.couldNotEnd);
      }
    };
}
