import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamo, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { buildStack, type Clients } from '../../local/built-stack.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { synthesise } from '../../local/template/synthesis.ts';
import {
  type Assembly,
  readAssembly,
  UnsupportedTemplateError,
} from '../../local/template/template.ts';

let clients: Clients;
let assembly: Assembly;
let built = 0;
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  assembly = await readAssembly(await synthesise(() => {}), 'ImageCrawler');
});

afterAll(async () => {
  for (const end of endings) await end();
});

async function startClients(): Promise<Clients> {
  const folder = await mkdtemp(join(tmpdir(), 'crawler-stack-'));
  const emulators = await startEmulators(folder);
  const at = { ...LOCAL_IDENTITY, endpoint: emulators.url };
  const dynamo = createDynamo(at);
  const made = { sqs: createSqs(at), s3: createS3(at), dynamo };
  endings.push(async () => {
    for (const client of Object.values(made)) client.destroy();
    await emulators.close();
    await rm(folder, { recursive: true });
  });
  return made;
}

interface Edited {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** Builds the stack from a template with some resources edited. */
async function buildEdited(edit: (id: string, resource: Edited) => Edited) {
  clients ??= await startClients();
  const edited = Object.entries(assembly.template.Resources).map(([id, resource]) => {
    return [id, edit(id, resource)] as const;
  });
  const template = { ...assembly.template, Resources: Object.fromEntries(edited) };
  built += 1;
  return buildStack({ ...assembly, template }, `Stack${built}`, clients);
}

/** An edit that sets properties of the resources of a type whose id begins so. */
function set(type: string, idPrefix: string, properties: object) {
  return (id: string, resource: Edited): Edited => {
    const isMeant = resource.Type === type && id.startsWith(idPrefix);
    return isMeant
      ? { ...resource, Properties: { ...resource.Properties, ...properties } }
      : resource;
  };
}

const queueAttributes = async (QueueUrl: string) => {
  const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await clients.sqs.send(get)).Attributes;
};

describe('the stack on this machine follows its template', () => {
  it('in the visibility time of a queue', async () => {
    const edit = set('AWS::SQS::Queue', 'TaskQueueTasks', { VisibilityTimeout: 4321 });
    const { outputs, eventSources } = await buildEdited(edit);
    expect(await queueAttributes(outputs.TaskQueueUrl)).toMatchObject({
      VisibilityTimeout: '4321',
      FifoQueue: 'true',
    });
    const times = eventSources.map(({ queueUrl, visibilityS }) => [queueUrl, visibilityS]);
    expect(times).toContainEqual([outputs.TaskQueueUrl, 4321]);
    expect(times).not.toContainEqual([outputs.DeadLetterQueueUrl, 4321]);
  });

  it('in which queue is FIFO, and which is a standard one', async () => {
    const { eventSources } = await buildEdited((_, resource) => resource);
    const kinds = eventSources.map(async ({ queueUrl }) => {
      return [queueUrl.includes('DeferredQueue'), (await queueAttributes(queueUrl))?.['FifoQueue']];
    });
    expect(await Promise.all(kinds)).toEqual([
      [false, 'true'],
      [true, undefined],
      [false, 'true'],
      [true, undefined],
    ]);
  });

  it('in the deliveries of a task before it is dead', async () => {
    const { outputs } = await buildEdited((id, resource) => {
      const { RedrivePolicy } = resource.Properties;
      if (typeof RedrivePolicy !== 'object') return resource;
      const policy = { ...RedrivePolicy, maxReceiveCount: 17 };
      return set(resource.Type, id, { RedrivePolicy: policy })(id, resource);
    });
    const attributes = await queueAttributes(outputs.TaskQueueUrl);
    const dead = await queueAttributes(outputs.DeadLetterQueueUrl);
    expect(JSON.parse(attributes?.['RedrivePolicy'] ?? '')).toEqual({
      maxReceiveCount: 17,
      deadLetterTargetArn: dead?.['QueueArn'],
    });
  });

  it('in the batch size and the concurrency of what feeds a function', async () => {
    const { outputs, eventSources } = await buildEdited(
      set('AWS::Lambda::EventSourceMapping', 'Worker', {
        BatchSize: 3,
        ScalingConfig: { MaximumConcurrency: 77 },
      }),
    );
    expect(eventSources).toHaveLength(4);
    expect(eventSources).toContainEqual(
      expect.objectContaining({
        functionName: outputs.WorkerFunctionName,
        queueUrl: outputs.TaskQueueUrl,
        batchSize: 3,
        maxConcurrency: 77,
      }),
    );
  });

  it('in the memory, the time limit and the environment of a function', async () => {
    const { outputs, functions } = await buildEdited(
      set('AWS::Lambda::Function', 'Worker', {
        MemorySize: 333,
        Timeout: 44,
        Handler: 'main.start',
        Environment: {
          Variables: { BUCKET: { Ref: idOf('AWS::S3::Bucket', 'ImageBucket') }, PLAIN: 'x' },
        },
      }),
    );
    const worker = functions.find(({ name }) => name === outputs.WorkerFunctionName);
    expect(worker).toMatchObject({ memoryMb: 333, timeoutS: 44, handler: 'start' });
    expect(worker?.module).toMatch(/main\.mjs$/);
    expect(worker?.environment).toEqual({ BUCKET: outputs.BucketName, PLAIN: 'x' });
  });

  it('in its names, whatever the logical ids are', async () => {
    const renamed = JSON.parse(
      JSON.stringify(assembly.template).replaceAll(/TaskQueue(?=Tasks)|Worker(?=Crawl)/g, 'Other'),
    );
    clients ??= await startClients();
    const { outputs } = await buildStack({ ...assembly, template: renamed }, 'Renamed', clients);
    expect(outputs.TaskQueueUrl).toContain('Renamed-OtherTasks');
    expect(outputs.WorkerFunctionName).toContain('Renamed-OtherCrawl');
  });
});

describe('what this machine does not have is an error by its name', () => {
  it.each([
    [
      'a type of resource',
      { Type: 'AWS::Kinesis::Stream' },
      /type AWS::Kinesis::Stream \(ImageBucket.*\n.* local\/built-stack\.ts/,
    ],
    [
      'a property of a bucket',
      { Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
      /ImageBucket.*\n.*VersioningConfiguration.*\n.* local\/template\/resource-schemas\.ts: add/,
    ],
  ])('%s', async (_, change, problem) => {
    const image = idOf('AWS::S3::Bucket', 'ImageBucket');
    const building = buildEdited((id, resource) =>
      id === image ? { ...resource, ...change } : resource,
    );
    await expect(building).rejects.toThrow(UnsupportedTemplateError);
    await expect(building).rejects.toThrow(problem);
  });

  it.each([
    ['AWS::SQS::Queue', { ContentBasedDeduplication: true }],
    ['AWS::DynamoDB::Table', { StreamSpecification: {} }],
    ['AWS::Lambda::Function', { Layers: [] }],
    ['AWS::Events::Rule', { EventPattern: { source: [{ 'anything-but': 'x' }] } }],
    ['AWS::Lambda::Permission', { EventSourceToken: 'x' }],
    ['AWS::Lambda::EventSourceMapping', { MaximumBatchingWindowInSeconds: 1 }],
  ])('a property of %s: %j', async (type, properties) => {
    const building = buildEdited(set(type, '', properties));
    await expect(building).rejects.toThrow(UnsupportedTemplateError);
    await expect(building).rejects.toThrow(Object.keys(properties)[0]);
  });

  it('the code of a function', async () => {
    const Code = { S3Bucket: 'assets', S3Key: 'gone.zip' };
    const building = buildEdited(set('AWS::Lambda::Function', 'Seeder', { Code }));
    await expect(building).rejects.toThrow(/asset gone\.zip of Seeder/);
  });

  it('but not what it may ignore', async () => {
    const without = (_id: string, resource: Edited): Edited => {
      const { LifecycleConfiguration: _, ...Properties } = resource.Properties;
      return { ...resource, Properties };
    };
    await expect(buildEdited(without)).resolves.toBeDefined();
  });
});

function idOf(type: string, idPrefix: string): string {
  const all = Object.entries(assembly.template.Resources);
  return all.find(([id, { Type }]) => Type === type && id.startsWith(idPrefix))?.[0] ?? '';
}
