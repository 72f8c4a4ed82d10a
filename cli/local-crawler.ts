import { constants, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDynamo, createLambda, createSqs } from '../adapters/aws/clients.ts';
import { DynamoTaskLedger } from '../adapters/aws/dynamo-task-ledger.ts';
import { LambdaSeeder } from '../adapters/aws/lambda-seeder.ts';
import { RunArchive } from '../adapters/aws/run-archive.ts';
import { SqsTaskQueue } from '../adapters/aws/sqs-task-queue.ts';
import { ListSource } from '../adapters/seeds/list-source.ts';
import { openByScheme } from '../adapters/seeds/open-by-scheme.ts';
import { openFile } from '../adapters/seeds/open-file.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { seedKey } from '../contract/image-name.ts';
import { LOCAL_IDENTITY } from '../local/local-clients.ts';
import { nextInvocationEnd, openLocalLedger, startLocalStack } from '../local/local-stack.ts';
import type { Crawler, OpenArchive, RunnerOptions } from './crawler.ts';
import { groupingOfStack } from './grouping-of-stack.ts';

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
  const ledger = await openLocalLedger(dataDir, endpoint);
  if (ledger === undefined) return undefined;
  const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: ledger.endpoints.dynamodb });
  const archive = new RunArchive(dynamo, ledger.outputs.TableName);
  const close = async () => {
    dynamo.destroy();
    await ledger.close();
  };
  return { archive, live: ledger.live, lists: localLists, close };
}

/** The synthesised stack on this machine. */
export async function startLocalCrawler(
  { dataDir, endpoint }: LocalPlace,
  { capacity, ...options }: RunnerOptions,
): Promise<Crawler> {
  const stack = await startLocalStack({ dataDir, endpoint, ...options, ...capacity });
  const { endpoints, outputs } = stack;
  const dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: endpoints.dynamodb });
  const sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: endpoints.sqs });
  const lambda = createLambda({ ...LOCAL_IDENTITY, endpoint: endpoints.lambda });
  return {
    archive: new RunArchive(dynamo, outputs.TableName),
    seeder: new LambdaSeeder(lambda, outputs.SeederFunctionName),
    queue: new SqsTaskQueue({ sqs, clock: systemClock, queueUrl: outputs.TaskQueueUrl }),
    tasks: new DynamoTaskLedger(dynamo, outputs.TableName, systemClock),
    grouping: groupingOfStack(outputs),
    keepList: (path, runId, index) => copyList(path, join(dataDir, seedKey(runId, index))),
    nextEvent: nextInvocationEnd,
    close: async (graceMs) => {
      for (const client of [dynamo, sqs, lambda]) client.destroy();
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
