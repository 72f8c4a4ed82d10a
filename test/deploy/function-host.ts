import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { EventSource } from '../../local/functions/event-source.ts';
import { startLambdaEndpoint } from '../../local/functions/lambda-endpoint.ts';
import { LocalFunction } from '../../local/functions/local-function.ts';
import { PermissionJudge } from '../../local/permissions/permission-judge.ts';
import { environmentOf } from './moto-server.ts';

/** What stands in for the compute of Lambda: moto would run functions in Docker. */
export interface FunctionHost {
  /** Where functions are invoked. */
  readonly url: string;
  readonly functions: ReadonlyMap<string, LocalFunction>;
  stop(): Promise<void>;
}

interface HostOptions {
  /** Where the deployed stack is. */
  readonly url: string;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  /** Name of a deployed function to the folder of its code. */
  readonly code: ReadonlyMap<string, string>;
  /** Folder for their logs. */
  readonly folder: string;
  /** The key that functions sign with. */
  readonly operatorKey: string;
}

/** Runs the deployed functions, each as its deployed configuration says, fed as it is deployed. */
export async function hostFunctions(options: HostOptions): Promise<FunctionHost> {
  const { lambda, code, folder } = options;
  const functions = new Map<string, LocalFunction>();
  const onDeath = (name: string, error: string) => console.error(`  ${name}: ${error}`);
  const judge = new PermissionJudge(() => {}, options.operatorKey);
  const endpoint = await startLambdaEndpoint(functions, () => {}, onDeath, judge);
  for (const [name, asset] of code) {
    const log = createWriteStream(join(folder, `${name}.log`));
    functions.set(name, new LocalFunction(await specOf(name, asset, options, endpoint.url), log));
  }
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  const sources: EventSource[] = [];
  for (const {
    UUID,
    FunctionArn = '',
    EventSourceArn = '',
    BatchSize = 10,
  } of EventSourceMappings) {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    const target = functions.get(FunctionArn.slice(FunctionArn.lastIndexOf(':') + 1));
    if (target === undefined) throw new Error(`${FunctionArn} feeds no function`);
    const queue = await queueOf(EventSourceArn, options.sqs);
    const spec = { ...queue, batchSize: BatchSize, maxConcurrency: 2 };
    const clients = { asFunction: options.sqs, asOperator: options.sqs, outlived: true };
    sources.push(new EventSource(spec, clients, target, onDeath));
  }
  const stop = async () => {
    await Promise.all(sources.map((source) => source.stop(3000)));
    await Promise.all([...functions.values()].map((one) => one.close()));
    await endpoint.close();
  };
  return { url: endpoint.url, functions, stop };
}

async function specOf(name: string, asset: string, { lambda, url }: HostOptions, self: string) {
  const deployed = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  const { Handler = '', MemorySize = 0, Timeout = 0, Environment } = deployed;
  const [file = '', handler = ''] = Handler.split('.');
  const environment = {
    ...Environment?.Variables,
    ...environmentOf(url),
    AWS_ENDPOINT_URL_LAMBDA: self,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
    // The site is on loopback.
    ALLOW_PRIVATE_ADDRESSES: 'true',
  };
  const module = join(asset, `${file}.mjs`);
  return { name, module, handler, memoryMb: MemorySize, timeoutS: Timeout, environment };
}

async function queueOf(arn: string, sqs: SQSClient) {
  const QueueName = arn.slice(arn.lastIndexOf(':') + 1);
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  const visibilityS = Number(Attributes?.VisibilityTimeout);
  return { queueUrl: QueueUrl, queueArn: arn, visibilityS };
}
