import { channel } from 'node:diagnostics_channel';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { buildStack } from './built-stack.ts';
import { DataDirectory } from './data-directory.ts';
import type { Emulator, Endpoints } from './emulators/emulators.ts';
import { deliverObjects } from './functions/deliver-objects.ts';
import { endPolls } from './functions/end-polls.ts';
import { feedFunctions } from './functions/feed-functions.ts';
import { type FunctionEvent, tellEvents } from './functions/function-events.ts';
import type { FunctionSpec } from './functions/function-instance.ts';
import { HookBuilder } from './functions/hook-builder.ts';
import { startLambdaEndpoint } from './functions/lambda-endpoint.ts';
import { LocalFunction } from './functions/local-function.ts';
import type { CreatedObject } from './functions/object-events.ts';
import { packagesIn } from './functions/packages-in.ts';
import { LOCAL_IDENTITY } from './local-clients.ts';
import {
  hooksOf,
  identifierFor,
  type LocalEnvironment,
  withLocalEnvironment,
} from './local-environment.ts';
import { PermissionJudge } from './permissions/permission-judge.ts';
import { startServices } from './services.ts';
import type { StackAccess } from './stack-access.ts';
import { synthesise } from './template/synthesis.ts';
import { type Assembly, readAssembly } from './template/template.ts';

export { openLocalLedger } from './emulators/local-ledger.ts';
export type { FunctionEvent } from './functions/function-events.ts';
export { nextInvocationEnd } from './functions/function-instance.ts';

/** How to run the stack here. */
export interface LocalStackOptions extends LocalEnvironment {
  /** Invocations of the worker at once; by default as many as there are processors, at least 2. */
  readonly workers?: number;
  /** Told what a person may want to know: synthesis, functions that died. */
  readonly onNotice: (line: string) => void;
  /** Told what functions log that a person who watches a run wants to know. */
  readonly onEvent?: (event: FunctionEvent) => void;
}

/** The synthesised stack, running on this machine. */
export interface LocalStack extends StackAccess {
  /** Tells other processes that the stack works on this run from now on. */
  worksOn(runId: string): void;
  /** AWS requests so far, by service and action. */
  requests(): Readonly<Record<string, number>>;
  /** Polls no more, waits at most `graceMs` for what runs, then ends it and closes everything. */
  stop(graceMs: number): Promise<void>;
}

/** Tells whoever listens in this process what a stack that stopped has asked of AWS. */
const STOPPED = channel('image-crawler:stack-stopped');
/** Name of the stack in the CDK app. */
const STACK_NAME = 'ImageCrawler';
/** Starts the stack. @throws DataDirBusyError, SynthesisError, UnsupportedTemplateError */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const folder = await synthesise(options.onNotice);
  return runAssembly(await readAssembly(folder, STACK_NAME), options);
}

/** Starts a synthesised stack. @throws DataDirBusyError, UnsupportedTemplateError */
export async function runAssembly(
  assembly: Assembly,
  options: LocalStackOptions,
): Promise<LocalStack> {
  const { dataDir, onNotice } = options;
  const judge = new PermissionJudge((name, { action, resource }) => {
    onNotice(`${shortName(name)} may not ${action} on ${resource}: grant it in infra/`);
  });
  const directory = await DataDirectory.claim(dataDir);
  const counts: Record<string, number> = {};
  const count = (service: string, action: string, times = 1) => {
    const key = `${service} ${action}`;
    counts[key] = (counts[key] ?? 0) + times;
  };
  let deliver: ReturnType<typeof deliverObjects> = () => {};
  const started: Pick<Emulator, 'close'>[] = [];
  const closeAll = async () => {
    await Promise.all(started.map((one) => one.close()));
    directory.release();
  };
  try {
    const onObject = (object: CreatedObject) => deliver(object);
    const { endpoint } = options;
    const services = await startServices({ dataDir, judge, endpoint, onRequest: count, onObject });
    started.push(services);
    const clients = clientsFor(services.endpoints);
    const built = await buildStack(assembly, STACK_NAME, clients);
    const functions = new Map<string, LocalFunction>();
    const onDeath = (name: string, error: string) => {
      onNotice(`${shortName(name)} ${error}`);
    };
    const lambda = await startLambdaEndpoint(functions, count, onDeath, judge);
    started.push(lambda);
    const endpoints = { ...services.endpoints, lambda: lambda.url };
    const logs = openLogs(dataDir, options.onEvent);
    for (const { policy, ...spec } of built.functions) {
      judge.admit(spec.name, policy);
      const local = withLocalEnvironment(spec, endpoints, options);
      functions.set(spec.name, new LocalFunction(local, logs(shortName(spec.name))));
    }
    const worker = functions.get(built.outputs.WorkerFunctionName);
    if (options.dev === true && worker !== undefined)
      started.push(await buildHooks(worker.spec, onNotice));
    // Both are about to be needed, and take longer to start than anything else.
    const { SeederFunctionName, WorkerFunctionName } = built.outputs;
    for (const name of [SeederFunctionName, WorkerFunctionName]) functions.get(name)?.warm();
    deliver = deliverObjects(built.objectRules, functions, onDeath);
    const { sqs } = endpoints;
    const { workers } = options;
    const identify = identifierFor(options);
    const outlived = options.endpoint !== undefined;
    const feeding = { judge, sqs: clients.sqs, endpoint: sqs, workers, identify };
    const feeds = feedFunctions(built, functions, { ...feeding, onDeath, outlived });
    directory.announce({ outputs: built.outputs, endpoints }, options.endpoint);
    const stop = async (graceMs: number) => {
      const stopped = Promise.all(feeds.map((feed) => feed.stop(graceMs)));
      if (!outlived) await endPolls(clients.sqs, built.outputs.TaskQueueUrl, graceMs);
      await stopped;
      await Promise.all([...functions.values()].map((one) => one.close()));
      for (const client of Object.values(clients)) client.destroy();
      await closeAll();
      for (const { used } of functions.values()) {
        count('units', 'invocations', used.invocations);
        count('units', 'GB-seconds', used.gbSeconds);
      }
      STOPPED.publish({ requests: counts });
    };
    const worksOn = (runId: string) => directory.worksOn(runId);
    return { outputs: built.outputs, endpoints, worksOn, requests: () => ({ ...counts }), stop };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function buildHooks(spec: FunctionSpec, onNotice: (line: string) => void) {
  const asset = dirname(spec.module);
  const packages = await packagesIn(join(asset, 'node_modules'));
  return HookBuilder.start(hooksOf(spec), packages, onNotice);
}

function clientsFor({ sqs, s3, dynamodb }: Omit<Endpoints, 'lambda'>) {
  return {
    sqs: new SQSClient({ ...LOCAL_IDENTITY, endpoint: sqs, useQueueUrlAsEndpoint: false }),
    s3: new S3Client({ ...LOCAL_IDENTITY, endpoint: s3, forcePathStyle: true }),
    dynamo: new DynamoDBClient({ ...LOCAL_IDENTITY, endpoint: dynamodb }),
  };
}

function openLogs(
  dataDir: string,
  onEvent: LocalStackOptions['onEvent'] = () => {},
): (name: string) => Writable {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true });
  return (name) => {
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    // A crawl does not end for the sake of its log: whether a disk is full, the ledger tells.
    return tellEvents(
      log.on('error', () => {}),
      name,
      onEvent,
    );
  };
}

/** `ImageCrawler-WorkerCrawlFunction547E82FE` is `WorkerCrawlFunction` for people. */
function shortName(name: string): string {
  return name.replace(/^.*-/, '').replace(/[0-9A-F]{8}$/, '');
}
