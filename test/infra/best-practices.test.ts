import { App, Validations } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { CrawlerStack } from '../../infra/crawler-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { EVERY_SETTING } from './every-setting.ts';

/** The stack with a change to everything in it. */
function createStack(
  change: (node: IConstruct) => unknown = () => {},
  crawler: Readonly<Record<string, unknown>> = {},
): CrawlerStack {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [], crawler } });
  const stack = new CrawlerStack(app, 'ImageCrawler', readSettings(app.node));
  stack.node.findAll().forEach(change);
  return stack;
}

/** The rules of AWS Solutions that a stack breaks and nobody has acknowledged, errors and warnings. */
function findingsIn(stack: CrawlerStack): readonly string[] {
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  return violations.map(({ ruleName }) => ruleName);
}

/** Every acknowledgement: where it is, of which finding, and why. */
function acknowledgementsIn(stack: CrawlerStack) {
  return stack.node.findAll().flatMap(({ node }) => {
    const own = node.metadata.filter(
      ({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY,
    );
    const rules = own.flatMap(({ data }) => Object.entries(data));
    return rules.map(([id, reason]) => ({ path: node.path, id, reason: String(reason) }));
  });
}

function remove({ node }: IConstruct): void {
  node.scope?.node.tryRemoveChild(node.id);
}

it('no rule of AWS Solutions finds what nobody has acknowledged', () => {
  expect(findingsIn(createStack())).toEqual([]);
});

const SIGNED = { webBotAuth: { secret: 'crawler/bot-key', origin: 'https://bot.test' } };

const COSTED = { budget: EVERY_SETTING.budget, reservedConcurrency: 5 };

const SERVED = { botSite: EVERY_SETTING.botSite };

it.each([{ tracing: true }, SIGNED, SERVED, COSTED])(
  'nor where settings add to the stack: %j',
  (crawler) => {
    expect(findingsIn(createStack(undefined, crawler))).toEqual([]);
  },
);

it('each acknowledgement is of one finding at one place, and says why', () => {
  const all = acknowledgementsIn(createStack());
  expect(all.map(({ path, id }) => `${path} ${id.replace(/<.*>/, '')}`)).toEqual([
    'ImageCrawler/Finisher/Finish/Role Annotation::AwsSolutions-IAM5[Resource::/images/*]',
    'ImageCrawler/Finisher/Finish/Role Annotation::AwsSolutions-IAM5[Resource::/finishing/*]',
    'ImageCrawler/Finisher/Finish/Role Annotation::AwsSolutions-IAM5[Resource::/results/*]',
    'ImageCrawler/Seeder/Seed/Role Annotation::AwsSolutions-IAM5[Resource::/seeds/*]',
    'ImageCrawler/Seeder/Seed/Role Annotation::AwsSolutions-IAM5[Resource::/inbox/*]',
    'ImageCrawler/Seeder/Failures/Events Annotation::AwsSolutions-SQS3',
    'ImageCrawler/Worker/Crawl/Role Annotation::AwsSolutions-IAM5[Resource::/images/*]',
    'ImageCrawler/Worker/Crawl/Role Annotation::AwsSolutions-IAM5[Resource::/thumbnails/*]',
    'ImageCrawler/Worker/Crawl/Role Annotation::AwsSolutions-IAM5[Resource::/files/*]',
  ]);
  for (const { reason } of all) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
});

describe('the rules would find', () => {
  it.each<[what: string, rule: string, change: (node: IConstruct) => unknown]>([
    [
      'a bucket without access logs',
      'S1',
      (node) => {
        if (node instanceof CfnBucket) node.loggingConfiguration = undefined;
      },
    ],
    [
      'a bucket that can be made public',
      'S2',
      (node) => {
        if (node instanceof CfnBucket)
          node.publicAccessBlockConfiguration = { blockPublicAcls: false };
      },
    ],
    [
      'a bucket that answers without TLS',
      'S10',
      (node) => {
        if (node instanceof CfnBucketPolicy) remove(node);
      },
    ],
    [
      'a queue that is not encrypted',
      'SQS2',
      (node) => {
        if (node instanceof CfnQueue) node.sqsManagedSseEnabled = false;
      },
    ],
    [
      'a queue without another for its dead',
      'SQS3',
      (node) => {
        if (node instanceof CfnQueue) node.redrivePolicy = undefined;
      },
    ],
    [
      'a queue that answers without TLS',
      'SQS4',
      (node) => {
        if (node instanceof CfnQueuePolicy) remove(node);
      },
    ],
    [
      'a table that cannot be restored',
      'DDB3',
      (node) => {
        if (node instanceof CfnTable) node.pointInTimeRecoverySpecification = undefined;
      },
    ],
    [
      'a role that may do all to one thing',
      'IAM5[Action::sqs:*]',
      (node) => {
        if (node instanceof Role) grant(node, 'sqs:*', 'arn:aws:sqs:us-east-1:1:a');
      },
    ],
    [
      'a role that may do one thing to all',
      'IAM5[Resource::*]',
      (node) => {
        if (node instanceof Role) grant(node, 'sqs:SendMessage', '*');
      },
    ],
    [
      'an old runtime',
      'L1',
      (node) => {
        if (node instanceof CfnFunction) node.runtime = 'nodejs18.x';
      },
    ],
  ])('%s: %s', (_, rule, change) => {
    expect(findingsIn(createStack(change))).toEqual([`AwsSolutions-${rule}`]);
  });
});

function grant(role: Role, action: string, resource: string): void {
  role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
}
