import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { PutBucketNotificationConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { createDynamo, createLambda, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { RunArchive } from '../../adapters/aws/run-archive.ts';
import { findRun } from '../../cli/deployment/find-run.ts';
import { stackOutputs } from '../../contract/stack-outputs.ts';
import type { Run } from '../../core/model/run.ts';
import { PROJECT } from '../../local/project.ts';
import { readAssembly } from '../../local/template/template.ts';
import { type DeployedTemplate, fillGaps } from './fill-gaps.ts';
import { type FunctionHost, hostFunctions } from './function-host.ts';
import { type Moto, output } from './moto-server.ts';

const STACK = 'ImageCrawler';
const KEY = 'test';
const PLACE = 'aws://123456789012/us-east-1';
/** How long something is waited for, in milliseconds. */
const PATIENCE_MS = 60_000;

/** A resource as CloudFormation lists it. */
interface Created {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}

const code = z.object({ Code: z.object({ S3Key: z.string() }) });

/** The stack on a server of moto, deployed by the CDK's own command. */
export class DeployedStack {
  readonly #moto: Extract<Moto, { kind: 'running' }>;
  readonly #folder: string;
  readonly #assembly: string;
  readonly #cloudFormation: CloudFormationClient;
  readonly #s3;
  readonly #sqs;
  readonly #lambda;
  readonly #dynamo;
  #template: DeployedTemplate = { Resources: {} };
  #host: FunctionHost | undefined;
  #closed = false;

  constructor(moto: Extract<Moto, { kind: 'running' }>, folder: string) {
    const credentials = { accessKeyId: KEY, secretAccessKey: KEY };
    const at = { endpoint: moto.url, region: 'us-east-1', credentials };
    this.#moto = moto;
    this.#folder = folder;
    this.#assembly = join(folder, 'cdk.out');
    this.#cloudFormation = new CloudFormationClient(at);
    this.#s3 = createS3(at);
    this.#sqs = createSqs(at);
    this.#lambda = createLambda(at);
    this.#dynamo = createDynamo(at);
  }

  /** Synthesises the stack, with these settings; gives what moto lacks of it. */
  async synthesise(...settings: readonly string[]): Promise<readonly string[]> {
    const chosen = settings.flatMap((setting) => ['-c', `crawler.${setting}`]);
    await this.#cdk('synth', '--quiet', '-o', this.#assembly, ...chosen);
    const { template, done } = await fillGaps(this.#assembly, STACK);
    this.#template = template;
    return done;
  }

  async bootstrap(): Promise<void> {
    await this.#cdk('bootstrap', PLACE, '--app', this.#assembly);
  }

  async deploy(): Promise<string> {
    // moto forgets the outputs of a stack that it makes from a change set, and the defaults of
    // parameters when it updates one.
    const direct = [
      '--method',
      'direct',
      '--no-previous-parameters',
      '--require-approval',
      'never',
    ];
    const words = ['--app', this.#assembly, ...direct];
    const told = await this.#cdk('deploy', ...words);
    return told.trim();
  }

  async listCreated(): Promise<readonly Created[]> {
    const describe = new DescribeStackResourcesCommand({ StackName: STACK });
    const { StackResources = [] } = await this.#cloudFormation.send(describe);
    return StackResources.map(({ LogicalResourceId, ResourceType, PhysicalResourceId }) => ({
      id: LogicalResourceId ?? '',
      type: ResourceType ?? '',
      name: PhysicalResourceId ?? '',
    }));
  }

  /** Types of resources that moto's CloudFormation passes over, since it does not know them. */
  passedOver(created: readonly Created[]): readonly string[] {
    const ids = new Set(created.map(({ id }) => id));
    const others = Object.entries(this.#template.Resources).filter(([id]) => !ids.has(id));
    return [...new Set(others.map(([, { Type }]) => Type))].toSorted();
  }

  /** Runs the deployed functions beside moto, which would do so in Docker. */
  async run(created: readonly Created[]): Promise<void> {
    const { assets } = await readAssembly(this.#assembly, STACK);
    const functions = created.filter(({ type }) => type === 'AWS::Lambda::Function');
    const places = functions.map(({ id, name }) => {
      const key = code.parse(this.#template.Resources[id]?.Properties).Code.S3Key;
      return [name, assets.get(key) ?? ''] as const;
    });
    const folder = join(this.#folder, 'logs');
    await mkdir(folder);
    this.#host = await hostFunctions({
      url: this.#moto.url,
      lambda: this.#lambda,
      sqs: this.#sqs,
      operatorKey: KEY,
      code: new Map(places),
      folder,
    });
    await this.#relayEvents(created, this.#host);
  }

  /** Puts a list where lists become runs; starts nothing. Gives the run that it becomes. */
  async drop(content: string): Promise<Run> {
    const { InboxBucketName: Bucket, TableName } = await this.#outputs();
    const Key = 'inbox/today.txt';
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(content) }));
    const archive = new RunArchive(this.#dynamo, TableName);
    return this.#patiently(`a run of ${Key}`, async () => {
      for await (const run of archive.list()) if (run.lists[0]?.name === Key) return run;
      return undefined;
    });
  }

  /** Waits for the end of a run; gives how many of its images are in the bucket. */
  async imagesOf(runId: string): Promise<number> {
    const { BucketName, TableName } = await this.#outputs();
    const archive = new RunArchive(this.#dynamo, TableName);
    await this.#patiently(`the end of ${runId}`, async () => {
      const run = await archive.read(runId);
      return run !== undefined && (await archive.progress(run)).ended ? run : undefined;
    });
    const run = await findRun(archive, runId);
    let images = 0;
    for await (const { file } of archive.results(run, 'succeeded'))
      if (file?.startsWith(`s3://${BucketName}/images/`)) images += 1;
    return images;
  }

  /** The command of the project on the deployed stack; gives what it prints. */
  crawl(...words: readonly string[]): Promise<string> {
    const environment = {
      AWS_ENDPOINT_URL: this.#moto.url,
      HOME: this.#folder,
      AWS_ENDPOINT_URL_LAMBDA: this.#host?.url ?? '',
    };
    const args = [join(PROJECT, 'cli', 'crawl.ts'), ...words, '--stack', STACK];
    return output(process.execPath, args, environment);
  }

  async destroy(): Promise<string> {
    await this.#cdk('destroy', '--app', this.#assembly, '--force');
    return 'destroyed';
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#host?.stop();
    for (const client of [this.#s3, this.#sqs, this.#lambda, this.#dynamo]) client.destroy();
    this.#cloudFormation.destroy();
  }

  /**
   * moto's CloudFormation leaves out what a bucket tells EventBridge, and its EventBridge invokes no
   * functions. So the first is set as the template has it, and a queue in the function's place takes
   * what the deployed rule lets through; it is handed to the function as it comes.
   */
  async #relayEvents(created: readonly Created[], { functions }: FunctionHost): Promise<void> {
    const { BucketName: Bucket, SeederFunctionName } = await this.#outputs();
    await this.#s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
    const { QueueUrl = '' } = await this.#sqs.send(new CreateQueueCommand({ QueueName: 'relay' }));
    const rule = created.find(({ type }) => type === 'AWS::Events::Rule')?.name ?? '';
    const client = "e = boto3.client('events')";
    const list = `t = e.list_targets_by_rule(Rule='${rule}')['Targets'][0]`;
    const relay = `{'Id': t['Id'], 'Arn': 'arn:aws:sqs:us-east-1:123456789012:relay'}`;
    const put = `e.put_targets(Rule='${rule}', Targets=[${relay}])`;
    const target = await this.#moto.python([client, list, "print(t['Arn'])", put].join('\n'));
    if (!target.trim().endsWith(`:function:${SeederFunctionName}`))
      throw new Error(`the rule ${rule} leads to ${target}`);
    void this.#relay(QueueUrl, (event) => functions.get(SeederFunctionName)?.invokeAsync(event));
  }

  async #relay(QueueUrl: string, invoke: (event: unknown) => unknown): Promise<void> {
    while (!this.#closed) {
      const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 });
      const { Messages = [] } = await this.#sqs.send(receive).catch(() => ({ Messages: [] }));
      for (const { Body = '' } of Messages) invoke(JSON.parse(Body));
    }
  }

  async #outputs() {
    const { Stacks } = await this.#cloudFormation.send(
      new DescribeStacksCommand({ StackName: STACK }),
    );
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return stackOutputs.parse(
      Object.fromEntries(
        outputs.map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]),
      ),
    );
  }

  async #patiently<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (const start = Date.now(); Date.now() - start < PATIENCE_MS; await sleep(200)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    const log = join(this.#folder, 'logs');
    const { SeederFunctionName } = await this.#outputs();
    const told = await readFile(join(log, `${SeederFunctionName}.log`), 'utf8');
    throw new Error(`${what} was waited for in vain; the seeder says:\n${told}`);
  }

  #cdk(...words: readonly string[]): Promise<string> {
    const cdk = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    const environment = { AWS_ENDPOINT_URL: this.#moto.url, HOME: this.#folder };
    return output(process.execPath, [cdk, ...words], environment);
  }
}
