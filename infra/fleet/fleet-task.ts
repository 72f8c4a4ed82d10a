import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  ContainerDependencyCondition,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { fleetCode } from './fleet-code.ts';

/** Images of ECR Public, for arm64: nothing is built where the stack is deployed. */
const NODE_IMAGE = 'public.ecr.aws/docker/library/node:24-slim';
const AWS_IMAGE = 'public.ecr.aws/aws-cli/aws-cli:2.27.0';
/** Where the two containers of a task share the worker's bundle. */
const FOLDER = '/fleet';
/** The longest that ECS waits between SIGTERM and SIGKILL. */
const DRAIN = Duration.seconds(120);

/** What a container of the fleet is, and what it is told. */
export interface FleetTaskProps {
  readonly settings: Settings;
  readonly fleet: NonNullable<Settings['fleet']>;
  readonly environment: Readonly<Record<string, string>>;
}

/** A task of ECS: one container fetches the worker's bundle, the other runs it. */
export function fleetTask(scope: Construct, props: FleetTaskProps) {
  const { settings, fleet, environment } = props;
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: settings.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const definition = new FargateTaskDefinition(scope, 'Task', {
    cpu: fleet.vcpu * 1024,
    memoryLimitMiB: fleet.memoryMb,
    runtimePlatform: {
      cpuArchitecture: CpuArchitecture.ARM64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
    volumes: [{ name: 'bundle' }],
  });
  const code = fleetCode(scope);
  const logging = (streamPrefix: string) => LogDriver.awsLogs({ logGroup, streamPrefix });
  const fetch = definition.addContainer('Fetch', {
    image: ContainerImage.fromRegistry(AWS_IMAGE),
    command: ['s3', 'cp', code.s3ObjectUrl, `${FOLDER}/fleet.mjs`, '--only-show-errors'],
    essential: false,
    logging: logging('fetch'),
  });
  const worker = definition.addContainer('Worker', {
    image: ContainerImage.fromRegistry(NODE_IMAGE),
    command: ['node', '--enable-source-maps', `${FOLDER}/fleet.mjs`],
    environment: { ...environment },
    stopTimeout: DRAIN,
    logging: logging('worker'),
  });
  const containerPath = FOLDER;
  fetch.addMountPoints({ sourceVolume: 'bundle', containerPath, readOnly: false });
  worker.addMountPoints({ sourceVolume: 'bundle', containerPath, readOnly: true });
  worker.addContainerDependencies({
    container: fetch,
    condition: ContainerDependencyCondition.SUCCESS,
  });
  Grant.addToPrincipal({
    grantee: definition.taskRole,
    actions: ['s3:GetObject'],
    resourceArns: [code.bucket.arnForObjects(code.s3ObjectKey)],
  });
  acknowledge(definition);
  return { definition, logGroupName: logGroup.logGroupName };
}

function acknowledge(definition: FargateTaskDefinition): void {
  Validations.of(definition).acknowledge({
    id: 'AwsSolutions-ECS2',
    reason: 'The variables are names and numbers, those of the function; none of them is a secret.',
  });
}
