import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createDynamo, createLambda, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { deleteObjects } from '../../adapters/aws/delete-objects.ts';
import { deleteRun } from '../../adapters/aws/delete-run.ts';
import { DynamoHostLedger } from '../../adapters/aws/dynamo-host-ledger.ts';
import { DynamoTaskLedger } from '../../adapters/aws/dynamo-task-ledger.ts';
import { LambdaFinisher } from '../../adapters/aws/lambda-finisher.ts';
import { LambdaSeeder } from '../../adapters/aws/lambda-seeder.ts';
import { openImage, streamObject } from '../../adapters/aws/open-image.ts';
import { RunArchive } from '../../adapters/aws/run-archive.ts';
import { S3ShardShelf } from '../../adapters/aws/s3-shard-shelf.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { imagesInBucket } from '../../adapters/datasets/bucket-images.ts';
import { removeTables } from '../../adapters/finish/remove-tables.ts';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openByScheme } from '../../adapters/seeds/open-by-scheme.ts';
import { openObject } from '../../adapters/seeds/open-object.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { SEEDS } from '../../contract/bucket-keys.ts';
import { seedKey } from '../../contract/image-name.ts';
import {
  readMaxRunCost,
  readResultDays,
  type StackOutputs,
  stackOutputs,
} from '../../contract/stack-outputs.ts';
import type { SeedList } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { formatBytes } from '../options/quantities.ts';
import { picturesOf } from '../watch/bucket-pictures.ts';
import type { Crawler, OpenArchive } from './crawler.ts';
import { DENIALS, tellDenials } from './denied.ts';
import { finishThere } from './finish-there.ts';
import { groupingOfStack } from './grouping-of-stack.ts';
import { errorCode, systemMessage } from './system-error.ts';

/** Largest object that one PutObject takes, in bytes. */
const MAX_LIST_BYTES = 5 * 1024 ** 3;

/** The runs of a deployed stack. */
export async function openDeployedArchive(stackName: string): Promise<OpenArchive> {
  const outputs = await describeStack(stackName);
  const dynamo = createDynamo();
  const s3 = createS3();
  dynamo.middlewareStack.add(tellDenials, DENIALS);
  s3.middlewareStack.add(tellDenials, DENIALS);
  const table = { dynamo, name: outputs.TableName, clock: systemClock };
  const archive = new RunArchive(dynamo, table.name);
  const hosts = new DynamoHostLedger(table);
  const imagesUri = `s3://${outputs.BucketName}/images`;
  const shelf = new S3ShardShelf(s3, outputs.BucketName);
  const lists = new ListSource(openByScheme({ 's3:': openObject(s3) }));
  return {
    archive,
    hosts,
    live: true,
    worksOn: () => true,
    resultDays: readResultDays(outputs),
    imagesUri,
    openPicture: picturesOf(openImage(s3)),
    imagesOf: () => imagesInBucket(openImage(s3)),
    streamObject: streamObject(s3),
    finish: async (run) => {
      const lambda = createLambda();
      lambda.middlewareStack.add(tellDenials, DENIALS);
      const finisher = new LambdaFinisher(lambda, finisherOf(outputs, stackName));
      try {
        return await finishThere(run, { archive, finisher, clock: systemClock });
      } finally {
        lambda.destroy();
      }
    },
    lists,
    remover: {
      removeImages: (places) => deleteObjects(s3, places),
      removeLists: ({ lists: kept }) => deleteObjects(s3, keptLists(kept)),
      removeTables: (run) => removeTables(shelf, run),
      removeItems: (run) => deleteRun(table, run),
    },
    close: async () => {
      dynamo.destroy();
      s3.destroy();
    },
  };
}

/** A deployed stack, reached with the credentials of the person. */
export async function startDeployedCrawler(stackName: string): Promise<Crawler> {
  const outputs = await describeStack(stackName);
  const grouping = groupingOfStack(outputs);
  const [dynamo, sqs, lambda, s3] = [createDynamo(), createSqs(), createLambda(), createS3()];
  dynamo.middlewareStack.add(tellDenials, DENIALS);
  sqs.middlewareStack.add(tellDenials, DENIALS);
  lambda.middlewareStack.add(tellDenials, DENIALS);
  s3.middlewareStack.add(tellDenials, DENIALS);
  const table = { dynamo, name: outputs.TableName, clock: systemClock };
  return {
    archive: new RunArchive(dynamo, table.name),
    hosts: new DynamoHostLedger(table),
    openPicture: picturesOf(openImage(s3)),
    seeder: new LambdaSeeder(lambda, outputs.SeederFunctionName),
    queue: new SqsTaskQueue({ sqs, clock: systemClock, queueUrl: outputs.TaskQueueUrl }),
    tasks: new DynamoTaskLedger(table),
    grouping,
    maxRunCost: readMaxRunCost(outputs),
    imageWork: outputs.ImageWork === 'true',
    keepList: (path, runId, index) => upload(s3, outputs.BucketName, seedKey(runId, index), path),
    close: async () => {
      for (const client of [dynamo, sqs, lambda, s3]) client.destroy();
    },
  };
}

/** Those that were copied for the run: lists of schedules stay where they are. */
function keptLists(lists: readonly SeedList[]): readonly string[] {
  return lists.map(({ location }) => location).filter((it) => it.includes(`/${SEEDS}`));
}

/** @throws CommandError where an older version made the stack */
function finisherOf({ FinisherFunctionName }: StackOutputs, stackName: string): string {
  if (FinisherFunctionName !== '') return FinisherFunctionName;
  throw new CommandError(
    `--stack: ${stackName} has no finisher: deploy it again`,
    EXIT.couldNotEnd,
  );
}

async function describeStack(stackName: string): Promise<StackOutputs> {
  const cloudFormation = new CloudFormationClient();
  cloudFormation.middlewareStack.add(tellDenials, DENIALS);
  try {
    const { Stacks = [] } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName: stackName }),
    );
    const outputs = Stacks[0]?.Outputs ?? [];
    const byName = outputs.map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]);
    const parsed = stackOutputs.safeParse(Object.fromEntries(byName));
    if (parsed.success) return parsed.data;
    const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new CommandError(`--stack: ${stackName} is no image crawler: no output ${missing}`);
  } catch (error) {
    if (errorCode(error) !== undefined)
      throw new CommandError(
        `--stack: cannot ask CloudFormation about ${stackName}: ${systemMessage(error)}`,
        EXIT.couldNotEnd,
      );
    // CloudFormation has one name for a stack that is not there and for a name that can be none.
    if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
    const isMissing = error.message.includes('does not exist');
    throw new CommandError(
      isMissing
        ? `--stack: no stack ${stackName} in this account and region`
        : `--stack: ${error.message}`,
    );
  } finally {
    cloudFormation.destroy();
  }
}

async function upload(s3: S3Client, bucket: string, key: string, path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_LIST_BYTES)
    throw new CommandError(`a list of ${formatBytes(size)} is too long for one upload: split it`);
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: createReadStream(path),
      ContentLength: size,
    }),
  );
  return `s3://${bucket}/${key}`;
}
