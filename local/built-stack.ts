import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type StackOutputs, stackOutputs } from '../contract/stack-outputs.ts';
import type { EventSourceSpec } from './functions/event-source.ts';
import type { FunctionSpec } from './functions/function-instance.ts';
import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from './local-clients.ts';
import type { RolePolicy } from './permissions/role-policy.ts';
import { readPolicies } from './permissions/template-policies.ts';
import { type Physical, type Place, resolve } from './template/intrinsics.ts';
import { type ObjectRules, readObjectRules } from './template/object-rules.ts';
import {
  bucketProperties,
  eventSourceProperties,
  functionProperties,
  queueProperties,
  readProperties,
  tableProperties,
} from './template/resource-schemas.ts';
import { createBucket, createQueue, createTable, nameOnly } from './template/resources.ts';
import {
  type Assembly,
  type Resource,
  type Template,
  UnsupportedTemplateError,
} from './template/template.ts';

/** Where resources are created. */
export interface Clients {
  readonly sqs: SQSClient;
  readonly dynamo: DynamoDBClient;
  readonly s3: S3Client;
}

/** The template carried out: what is left is to start functions and event sources. */
export interface BuiltStack {
  readonly functions: readonly (FunctionSpec & { readonly policy: RolePolicy })[];
  readonly eventSources: readonly (EventSourceSpec & { readonly functionName: string })[];
  readonly objectRules: ObjectRules;
  readonly outputs: StackOutputs;
}

type Make = (name: string, properties: unknown, clients: Clients) => Promise<Physical>;

/** They watch and tell people; nothing refers to them, and nobody looks at them here. */
const WATCHERS = [
  'AWS::Budgets::Budget',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SNS::Subscription',
];

/** Only a stack in the cloud serves public files: the local one has no public name. */
const PUBLIC_FILES = ['AWS::CloudFront::Function', 'AWS::CloudFront::OriginAccessControl'];

/** How each type of resource comes into being here. Any other type is an error by its name. */
const MAKERS: Readonly<Record<string, Make>> = {
  'AWS::SQS::Queue': async (name, given, { sqs }) =>
    createQueue(sqs, name, readProperties(queueProperties, given, name)),
  'AWS::DynamoDB::Table': async (name, given, { dynamo }) =>
    createTable(dynamo, name, readProperties(tableProperties, given, name)),
  'AWS::S3::Bucket': async (name, given, { s3 }) => {
    readProperties(bucketProperties, given, name);
    return createBucket(s3, name);
  },
  'AWS::Lambda::Function': async (name) => nameOnly('lambda', name),
  'AWS::IAM::Role': async (name) => nameOnly('iam', name),
  'AWS::Logs::LogGroup': async (name) => nameOnly('logs', name),
  'AWS::Events::Rule': async (name) => nameOnly('events', name),
  'AWS::KMS::Key': async (name) => nameOnly('kms', name),
  'AWS::Lambda::EventSourceMapping': async (name) => nothing(name),
  // Rules, not things: nothing refers to them.
  'AWS::IAM::Policy': async (name) => nothing(name),
  'AWS::Lambda::Permission': async (name) => nothing(name),
  // A run on this machine is resumed by a person alone.
  'AWS::Lambda::EventInvokeConfig': async (name) => nothing(name),
  'AWS::SQS::QueuePolicy': async (name) => nothing(name),
  'AWS::S3::BucketPolicy': async (name) => nothing(name),
  'AWS::CloudFront::Distribution': async (name) => {
    return { ref: name, attributes: { DomainName: `${name.toLowerCase()}.test` } };
  },
  ...Object.fromEntries(
    [...WATCHERS, ...PUBLIC_FILES].map((type) => [type, async (name: string) => nothing(name)]),
  ),
};

/** What is not there, but has a name. */
function nothing(name: string): Physical {
  return { ref: name, attributes: {} };
}

/** Creates what the template describes. @throws UnsupportedTemplateError */
export async function buildStack(
  { template, assets }: Assembly,
  stackName: string,
  clients: Clients,
): Promise<BuiltStack> {
  const resources = new Map<string, Physical>();
  const place: Place = { pseudo: pseudoOf(stackName), resources };
  for (const [id, resource] of inOrder(template)) {
    const make = MAKERS[resource.Type];
    if (make === undefined)
      throw new UnsupportedTemplateError(
        `resource type ${resource.Type} (${id})`,
        'The types that it models are in local/built-stack.ts.',
      );
    const properties = NAME_ONLY.has(resource.Type) ? {} : resolve(resource.Properties, place);
    resources.set(id, await make(`${stackName}-${id}`.slice(0, 63), properties, clients));
  }
  const outputs = Object.entries(template.Outputs).map(([name, { Value }]) => {
    return [name, resolve(Value, place)];
  });
  const policies = readPolicies(template, place);
  return {
    functions: ofType(template, 'AWS::Lambda::Function').map(([id, resource]) =>
      functionSpec(id, resource, assets, place, policies),
    ),
    eventSources: ofType(template, 'AWS::Lambda::EventSourceMapping').flatMap(([id, resource]) => {
      const { isEnabled, ...spec } = eventSourceSpec(id, resource, template, place);
      return isEnabled ? spec : [];
    }),
    objectRules: readObjectRules(template, place),
    outputs: stackOutputs.parse(Object.fromEntries(outputs)),
  };
}

const NAME_ONLY: ReadonlySet<string> = new Set([
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Events::Rule',
  'AWS::KMS::Key',
  ...WATCHERS,
  ...PUBLIC_FILES,
  'AWS::CloudFront::Distribution',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::Logs::LogGroup',
  'AWS::SQS::QueuePolicy',
  'AWS::S3::BucketPolicy',
]);

/** A queue that names its dead-letter queue comes after it. */
function inOrder({ Resources }: Template): readonly [string, Resource][] {
  const refers = ({ Properties }: Resource) => ('RedrivePolicy' in Properties ? 1 : 0);
  return Object.entries(Resources).toSorted(([, a], [, b]) => refers(a) - refers(b));
}

function ofType({ Resources }: Template, type: string): readonly [string, Resource][] {
  return Object.entries(Resources).filter(([, resource]) => resource.Type === type);
}

function functionSpec(
  id: string,
  resource: Resource,
  assets: Assembly['assets'],
  place: Place,
  policies: ReadonlyMap<string, RolePolicy>,
): BuiltStack['functions'][number] {
  const given = readProperties(functionProperties, resolve(resource.Properties, place), id);
  const [file = '', handler = ''] = given.Handler.split('.');
  const asset = assets.get(given.Code.S3Key);
  if (asset === undefined) throw new UnsupportedTemplateError(`asset ${given.Code.S3Key} of ${id}`);
  const policy = policies.get(given.Role.slice(given.Role.lastIndexOf('/') + 1));
  if (policy === undefined) throw new UnsupportedTemplateError(`role ${given.Role} of ${id}`);
  return {
    name: place.resources.get(id)?.ref ?? id,
    policy,
    module: join(asset, `${file}.mjs`),
    handler,
    memoryMb: given.MemorySize,
    timeoutS: given.Timeout,
    environment: given.Environment.Variables,
  };
}

function eventSourceSpec(id: string, resource: Resource, template: Template, place: Place) {
  const given = readProperties(eventSourceProperties, resolve(resource.Properties, place), id);
  const [queueId, queue] = [...place.resources].find(
    ([, { attributes }]) => attributes['Arn'] === given.EventSourceArn,
  ) ?? ['', undefined];
  const described = resolve(template.Resources[queueId]?.Properties, place);
  const properties = readProperties(queueProperties, described, queueId);
  return {
    isEnabled: given.Enabled,
    functionName: given.FunctionName,
    queueUrl: queue?.ref ?? '',
    queueArn: given.EventSourceArn,
    batchSize: given.BatchSize,
    maxConcurrency: given.ScalingConfig.MaximumConcurrency,
    visibilityS: properties.VisibilityTimeout,
  };
}

function pseudoOf(stackName: string): Record<string, string> {
  return {
    'AWS::Region': LOCAL_IDENTITY.region,
    'AWS::AccountId': LOCAL_ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
  };
}
