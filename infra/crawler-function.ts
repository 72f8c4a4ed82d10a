import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, RecursiveLoop, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { REQUIRE_BANNER } from '../contract/require-banner.ts';
import type { KeptProps } from './encryption.ts';
import { nodeCommand, pathOf } from './path-of.ts';
import type { Settings } from './settings.ts';
import { UNUSED_PARSERS } from './unused-parsers.ts';
import { type AssetExtras, NO_EXTRAS } from './worker-packages.ts';

/** What differs between the functions. */
export interface CrawlerFunctionProps extends KeptProps {
  /** Folder below `lambdas/`. */
  readonly folder: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Executions that are its own, and at the same time its most; none by default. */
  readonly reservedConcurrency?: number;
  /** By default its asset is its bundle alone. */
  readonly extras?: AssetExtras;
}

/** Loaded only where a setting asks for it: without that it is no part of a function. */
const SECRETS_CLIENT = '@aws-sdk/client-secrets-manager';

/** Lighter parts in place of others; each says why. */
const LIGHTER = {
  '--alias:@aws-sdk/credential-provider-node': pathOf('lambdas/environment-credentials.ts'),
  '--alias:node:http': pathOf('lambdas/light-http.cjs'),
  '--alias:http': pathOf('lambdas/light-http.cjs'),
};

function afterwards({ commands }: AssetExtras): ICommandHooks {
  return {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (_, folder) => [
      nodeCommand('infra/own-source-map.ts', `${folder}/index.mjs.map`),
      ...commands(folder),
    ],
  };
}

/** A function of the crawler: Node 24 on arm64, one bundled ES module, a role that may only log. */
export class CrawlerFunction extends Construct {
  readonly function: NodejsFunction;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: CrawlerFunctionProps) {
    super(scope, id);
    const { extras = NO_EXTRAS } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logGroupName = logGroup.logGroupName;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    if (props.settings.tracing) acceptTraces(role);
    props.encryption.grantUse(role);
    this.function = new NodejsFunction(this, 'Function', {
      role,
      logGroup,
      timeout: props.timeout,
      memorySize: props.memorySize,
      reservedConcurrentExecutions: props.reservedConcurrency,
      entry: pathOf(`lambdas/${props.folder}/index.ts`),
      depsLockFilePath: pathOf('package-lock.json'),
      projectRoot: pathOf(''),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      tracing: props.settings.tracing ? Tracing.ACTIVE : undefined,
      // Tasks make tasks, and the seeder goes on by invoking itself: depth and ceilings of a run
      // bound that, not the sixteen hops after which Lambda would stop it.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        ...props.environment,
        NODE_OPTIONS: '--enable-source-maps',
        // Otherwise glibc keeps what large bodies leave behind: a third of a worker's memory.
        MALLOC_TRIM_THRESHOLD_: '131072',
      },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        banner: REQUIRE_BANNER,
        commandHooks: afterwards(extras),
        esbuildArgs: LIGHTER,
        // Not the SDK: that of the runtime changes under our feet, ours is the one that was tested.
        externalModules: [...unusedModules(props.settings), ...extras.packages],
      },
    });
    if (props.settings.vpc !== null) enterVpc(this.function, role, props.settings.vpc);
  }
}

function unusedModules({ webBotAuth }: Settings): string[] {
  return webBotAuth === null ? [...UNUSED_PARSERS, SECRETS_CLIENT] : [...UNUSED_PARSERS];
}

/** X-Ray knows no resources: whoever may send traces may send them anywhere in the account. */
function acceptTraces(role: Role): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'The actions of X-Ray that send traces have no resources: they are granted to all.',
  });
}

/** What Lambda does in the name of a function to give it a place in a VPC. */
const NETWORK = [
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
];

function enterVpc(entering: NodejsFunction, role: Role, vpc: NonNullable<Settings['vpc']>): void {
  const { defaultChild } = entering.node;
  if (!(defaultChild instanceof CfnFunction)) throw new Error('expected a function');
  defaultChild.vpcConfig = vpc;
  const actions = NETWORK.map((verb) => `ec2:${verb}`);
  Grant.addToPrincipal({ grantee: role, actions, resourceArns: ['*'] });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Lambda makes the network interfaces, and EC2 knows no narrower resource before.',
  });
}
