import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseEnvironment, workerEnvironment } from '../../contract/environment.ts';
import { CrawlerStack } from '../../infra/crawler-stack.ts';
import { stepsTo } from '../../infra/fleet/fleet-scaling.ts';
import { readSettings } from '../../infra/settings.ts';
import { synthesised } from './synthesised.ts';
import { widgetsOf } from './watched-series.ts';

const FLEET = { fleet: { vcpu: 1, memoryMb: 3072, count: 40 } };
const stack = synthesised({ crawler: FLEET });
const without = synthesised();
const properties = (type: string, prefix = '') => stack.find(type, prefix).Properties;

const definition = z.object({
  ContainerDefinitions: z.array(
    z.object({
      Name: z.string(),
      Image: z.string(),
      Command: z.array(z.unknown()),
      StopTimeout: z.number().optional(),
      Environment: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
      DependsOn: z.array(z.unknown()).optional(),
    }),
  ),
});
const task = definition.parse(properties('AWS::ECS::TaskDefinition'));
const containerOf = (name: string) => {
  const found = task.ContainerDefinitions.find(({ Name }) => Name === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
};

const statements = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
    ),
  }),
});

/** What a role may do, by the beginning of its policy's id. */
function actionsOf(prefix: string): readonly string[] {
  const { PolicyDocument } = statements.parse(properties('AWS::IAM::Policy', prefix));
  return PolicyDocument.Statement.flatMap(({ Action }) => Action).toSorted();
}

describe('a stack without a fleet', () => {
  it('has nothing of ECS or EC2, and its event source works', () => {
    const types = Object.values(without.resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^AWS::(ECS|EC2|ApplicationAutoScaling)/.test(type))).toEqual([]);
    const source = without.find('AWS::Lambda::EventSourceMapping', 'WorkerCrawl').Properties;
    expect(source).not.toHaveProperty('Enabled');
  });
});

describe('a fleet', () => {
  it('works instead of functions: the event source of the task queue alone is off', () => {
    const off = stack
      .all('AWS::Lambda::EventSourceMapping')
      .filter(([, { Properties }]) => Properties['Enabled'] === false);
    expect(off.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toHaveLength(1);
    expect(off[0]?.[0]).toMatch(/^WorkerCrawlFunction/);
  });

  it('is of containers on arm64 with the processors and the memory that are set', () => {
    expect(properties('AWS::ECS::TaskDefinition')).toMatchObject({
      Cpu: '1024',
      Memory: '3072',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
  });

  it('takes images that are public, and builds none', () => {
    for (const { Image } of task.ContainerDefinitions) expect(Image).toMatch(/^public\.ecr\.aws\//);
  });

  it('runs the bundle that the other container fetched', () => {
    const [, , from, to] = containerOf('Fetch').Command;
    expect(JSON.stringify(from)).toMatch(/"s3:\/\//);
    expect(containerOf('Worker').Command.at(-1)).toBe(to);
    expect(containerOf('Worker').DependsOn).toEqual([
      { Condition: 'SUCCESS', ContainerName: 'Fetch' },
    ]);
  });

  it('has two minutes to drain', () => {
    expect(containerOf('Worker').StopTimeout).toBe(120);
  });

  it('is told all that a worker has to know', () => {
    const given = containerOf('Worker').Environment.map(({ Name, Value }) => {
      return [Name, typeof Value === 'string' ? Value : 'https://queue.test/'];
    });
    const parsed = parseEnvironment(workerEnvironment, Object.fromEntries(given));
    expect(parsed.AWS_LAMBDA_FUNCTION_MEMORY_SIZE).toBe(3072);
  });

  it('may do what a worker may, receive tasks, and read its own bundle', () => {
    const worker = new Set(actionsOf('WorkerCrawlRole'));
    const fleet = new Set(actionsOf('FleetTaskTaskRole'));
    const own = [...fleet].filter((action) => !worker.has(action));
    expect(own).toEqual(['s3:GetObject']);
    const lacking = [...worker].filter((action) => !fleet.has(action));
    expect(lacking).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:GetQueueAttributes',
    ]);
  });

  it('may, before it starts, write its log and nothing else', () => {
    expect(actionsOf('FleetTaskExecutionRole')).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  it('is reached by nobody, and reaches the web without a NAT', () => {
    expect(properties('AWS::EC2::SecurityGroup')).not.toHaveProperty('SecurityGroupIngress');
    expect(stack.all('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(stack.all('AWS::EC2::NatGateway')).toEqual([]);
    expect(properties('AWS::ECS::Service')).toMatchObject({
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } },
    });
  });

  it('is in the subnets of a VPC that is named', () => {
    const vpc = { subnetIds: ['subnet-0123456a'], securityGroupIds: ['sg-0123456c'] };
    const inside = synthesised({ crawler: { ...FLEET, vpc } });
    expect(inside.all('AWS::EC2::VPC')).toEqual([]);
    expect(inside.find('AWS::ECS::Service').Properties).toMatchObject({
      NetworkConfiguration: {
        AwsvpcConfiguration: { Subnets: vpc.subnetIds, AssignPublicIp: 'DISABLED' },
      },
    });
  });

  it.each([
    [true, 'FARGATE_SPOT'],
    [false, 'FARGATE'],
  ])('with spot %s is on %s', (spot, capacityProvider) => {
    const chosen = synthesised({ crawler: { fleet: { ...FLEET.fleet, spot } } });
    expect(chosen.find('AWS::ECS::Service').Properties['CapacityProviderStrategy']).toEqual([
      { CapacityProvider: capacityProvider, Weight: 1 },
    ]);
  });

  it('is empty while nothing waits, and never larger than is set', () => {
    expect(properties('AWS::ECS::Service')['DesiredCount']).toBe(0);
    expect(properties('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({
      MinCapacity: 0,
      MaxCapacity: 40,
    });
    expect(stepsTo(40).map(({ lower, change }) => [lower, change])).toEqual([
      [0, 0],
      [1, 1],
      [200, 10],
      [400, 20],
      [800, 40],
    ]);
    expect(stepsTo(1).map(({ lower, change }) => [lower, change])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('has its log among those from which the dashboard reads what runs cost', () => {
    const logOf = (made: typeof stack) =>
      widgetsOf(made).find(({ properties }) => properties.query.includes('EstimatedCost'));
    expect(logOf(stack)?.properties.query).toContain('FleetLogs');
    expect(logOf(without)?.properties.query).not.toContain('FleetLogs');
  });

  it('breaks no rule of AWS Solutions that nobody has acknowledged', () => {
    const app = new App({ context: { crawler: FLEET, 'aws:cdk:bundling-stacks': [] } });
    const checked = new CrawlerStack(app, 'ImageCrawler', readSettings(app.node));
    const { violations } = new AwsSolutionsChecks().validateScope(checked);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});

describe('a fleet that cannot be', () => {
  it.each([
    [{ fleet: { vcpu: 1, memoryMb: 1024, count: 1 } }, /no such memory/],
    [{ fleet: { count: 1 }, imageWork: true }, /imageWork/],
    [{ fleet: { count: 0 } }, /count/],
  ])('%j is refused', (crawler, problem) => {
    expect(() => synthesised({ crawler })).toThrow(problem);
  });
});
