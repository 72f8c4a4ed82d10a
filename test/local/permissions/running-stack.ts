import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createDynamo, createLambda, createS3, createSqs } from '../../../adapters/aws/clients.ts';
import { LambdaFinisher } from '../../../adapters/aws/lambda-finisher.ts';
import { LambdaSeeder } from '../../../adapters/aws/lambda-seeder.ts';
import { RunArchive } from '../../../adapters/aws/run-archive.ts';
import { S3ShardShelf } from '../../../adapters/aws/s3-shard-shelf.ts';
import { TAR_END, tarMember } from '../../../adapters/shards/tar-member.ts';
import { followRun } from '../../../cli/run/follow-run.ts';
import { INBOX } from '../../../contract/bucket-keys.ts';
import { seedKey, shardKey, shardPrefix } from '../../../contract/image-name.ts';
import type { RunProgress } from '../../../core/model/progress.ts';
import type { Run } from '../../../core/model/run.ts';
import { LOCAL_IDENTITY } from '../../../local/local-clients.ts';
import { type LocalStack, runAssembly } from '../../../local/local-stack.ts';
import type { Assembly } from '../../../local/template/template.ts';
import { aList, aRun } from '../../cli/records.ts';

/** How often a run is looked at, in milliseconds. */
const LOOK_MS = 50;

/** A stack that runs, and the operator of it. */
export class RunningStack {
  readonly stack: LocalStack;
  readonly archive: RunArchive;
  readonly #folder: string;
  readonly #sqs;
  readonly #s3;
  readonly #dynamo;
  readonly #lambda;

  constructor(stack: LocalStack, folder: string) {
    const { sqs, s3, dynamodb, lambda } = stack.endpoints;
    this.stack = stack;
    this.#folder = folder;
    this.#sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: sqs });
    this.#s3 = createS3({ ...LOCAL_IDENTITY, endpoint: s3 });
    this.#dynamo = createDynamo({ ...LOCAL_IDENTITY, endpoint: dynamodb });
    this.#lambda = createLambda({ ...LOCAL_IDENTITY, endpoint: lambda });
    this.archive = new RunArchive(this.#dynamo, stack.outputs.TableName);
  }

  /** Puts a list into the bucket; gives its location. */
  async putList(runId: string, urls: readonly string[]): Promise<string> {
    const { BucketName: Bucket } = this.stack.outputs;
    const Key = seedKey(runId, 0);
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body: urls.join('\n') }));
    return `s3://${Bucket}/${Key}`;
  }

  /** How long an object of the bucket is, in bytes. Throws when there is none. */
  async sizeOf(uri: string): Promise<number> {
    const { BucketName: Bucket } = this.stack.outputs;
    const Key = uri.slice(`s3://${Bucket}/`.length);
    const { ContentLength = 0 } = await this.#s3.send(new HeadObjectCommand({ Bucket, Key }));
    return ContentLength;
  }

  /** Puts a list where lists become runs; gives its key. Starts nothing. */
  async drop(name: string, content: string | Uint8Array): Promise<string> {
    const { InboxBucketName: Bucket } = this.stack.outputs;
    const Key = `${INBOX}${name}`;
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body: content }));
    return Key;
  }

  /** Waits for the run that a dropped list becomes. */
  async runOfDropped(key: string): Promise<Run> {
    for (let look = 0; look < 15_000 / LOOK_MS; look += 1) {
      for await (const run of this.archive.list()) if (run.lists[0]?.name === key) return run;
      await sleep(LOOK_MS);
    }
    throw new Error(`${key} becomes no run`);
  }

  /** Starts a run of a list. */
  async begin(runId: string, location: string, fields: Partial<Run> = {}): Promise<void> {
    const { settings } = aRun();
    await this.archive.create({
      ...aRun({ runId, lists: [{ ...aList(0), location }] }),
      settings: { ...settings, imagesFolder: join(this.#folder, 'images') },
      ...fields,
    });
    await new LambdaSeeder(this.#lambda, this.stack.outputs.SeederFunctionName).start(runId);
  }

  /** Begins all lanes of a run again. */
  async wake(runId: string): Promise<void> {
    await new LambdaSeeder(this.#lambda, this.stack.outputs.SeederFunctionName).wake(runId);
  }

  /** Puts an object into the bucket. */
  async put(Key: string, Body: string | Uint8Array): Promise<void> {
    const { BucketName: Bucket } = this.stack.outputs;
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  /** Puts an image into a shard of a run that no result refers to, as a crash leaves it. */
  async leaveOrphan(runId: string): Promise<void> {
    const shelf = new S3ShardShelf(this.#s3, this.stack.outputs.BucketName);
    for await (const { uri } of shelf.list(shardPrefix(runId))) {
      const whole = await shelf.read(uri);
      const members = whole.subarray(0, whole.length - TAR_END.length);
      const orphan = tarMember('orphan.png', Buffer.from('orphan'));
      return this.put(
        shardKey(runId, basename(uri, '.tar')),
        Buffer.concat([members, orphan, TAR_END]),
      );
    }
    throw new Error(`run ${runId} has no shard`);
  }

  /** Finishes a run that has ended; gives its record then. */
  async finish(runId: string): Promise<Run> {
    const lambda = new LambdaFinisher(this.#lambda, this.stack.outputs.FinisherFunctionName);
    await lambda.finish(runId);
    for (let look = 0; look < 30_000 / LOOK_MS; look += 1) {
      const run = await this.archive.read(runId);
      if (run?.finish?.sums !== undefined) return run;
      await sleep(LOOK_MS);
    }
    throw new Error(`run ${runId} is not finished`);
  }

  /** Has the seeder look after all runs, as a rule of the stack does. */
  async watch(): Promise<void> {
    const { SeederFunctionName: FunctionName } = this.stack.outputs;
    const Payload = JSON.stringify({ watch: true });
    await this.#lambda.send(new InvokeCommand({ FunctionName, Payload }));
  }

  /** Puts a message into the task queue that no task can be read from. */
  async sendPoison(): Promise<void> {
    await this.send('poison', 'poison');
  }

  /** Puts a message into the task queue. */
  async send(MessageBody: string, MessageGroupId: string): Promise<void> {
    const { TaskQueueUrl: QueueUrl } = this.stack.outputs;
    const message = { MessageBody, MessageGroupId, MessageDeduplicationId: MessageGroupId };
    await this.#sqs.send(new SendMessageCommand({ QueueUrl, ...message }));
  }

  /** Puts a message into the queue of deferred tasks, for that many seconds. */
  async defer(MessageBody: string, DelaySeconds: number): Promise<void> {
    const QueueUrl = await this.deferredQueueUrl();
    await this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
  }

  /** No output names it: only the worker puts tasks into it. */
  async deferredQueueUrl(): Promise<string> {
    const list = new ListQueuesCommand({ QueueNamePrefix: 'ImageCrawler-DeferredQueueTasks' });
    const { QueueUrls = [] } = await this.#sqs.send(list);
    const [url] = QueueUrls;
    if (url === undefined) throw new Error('there is no queue of deferred tasks');
    return url;
  }

  /** Waits for the end of a run. */
  async end(runId: string): Promise<RunProgress> {
    let last: RunProgress | undefined;
    await followRun(runId, {
      archive: this.archive,
      signal: AbortSignal.timeout(100_000),
      onProgress: (progress) => {
        last = progress;
      },
      onSilence: () => {},
      wait: () => sleep(LOOK_MS),
    });
    if (last?.ended !== true) throw new Error(`run ${runId} does not end: ${JSON.stringify(last)}`);
    return last;
  }

  async close(): Promise<void> {
    for (const client of [this.#sqs, this.#s3, this.#dynamo, this.#lambda]) client.destroy();
    await this.stack.stop(0);
  }
}

/** Runs a stack in a folder of its own. */
export async function run(
  assembly: Assembly,
  folder: string,
  onNotice: (line: string) => void = () => {},
): Promise<RunningStack> {
  const dataDir = join(folder, 'data');
  const stack = await runAssembly(assembly, { dataDir, allowPrivate: true, onNotice });
  return new RunningStack(stack, folder);
}
