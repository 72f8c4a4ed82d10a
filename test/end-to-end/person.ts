import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '../../local/project.ts';
import type { Assembly } from '../../local/template/template.ts';

/** The access key of the person: the judge of this machine knows callers by their names. */
export const PERSON = 'ImageCrawler-Person';

const policy = z.object({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.object({ Effect: z.literal('Allow'), Action: z.array(z.string()), Resource: z.string() }),
  ),
});

/** The policy that docs/deploy.md gives for people who use the command. */
export function documentedPolicy() {
  const page = readFileSync(join(PROJECT, 'docs', 'deploy.md'), 'utf8');
  const block = /```json\n(\{\n {2}"Version": "2012-10-17"[\s\S]*?)\n```/.exec(page)?.[1] ?? '';
  const { Statement, Version } = policy.parse(JSON.parse(block));
  // CloudFormation is not on this machine: a double answers for it.
  const here = Statement.filter(({ Action }) => !Action.some((it) => it.startsWith('cloudf')));
  return { Version, Statement: here };
}

/** The stack with a person beside it who may do what is documented, but for one action. */
export function withPerson(assembly: Assembly, without?: string): Assembly {
  const { Resources } = assembly.template;
  const idOf = (prefix: string) => {
    return Object.keys(Resources).find((id) => id.startsWith(prefix)) ?? '';
  };
  const arn = (prefix: string) => ({ 'Fn::GetAtt': [idOf(prefix), 'Arn'] });
  const placed: Readonly<Record<string, object>> = {
    TABLE_ARN: arn('ResultsTable'),
    QUEUE_ARN: arn('TaskQueueTasks'),
    SEEDER_ARN: arn('SeederSeedFunction'),
    FINISHER_ARN: arn('FinisherFinishFunction'),
  };
  const { Version, Statement } = documentedPolicy();
  const statements = Statement.map(({ Effect, Action, Resource }) => ({
    Effect,
    Action: Action.filter((action) => action !== without),
    Resource: placed[Resource] ?? {
      'Fn::Join': ['', [arn('ImageBucket'), Resource.replace('BUCKET_ARN', '')]],
    },
  }));
  const lent = Resources[idOf('DeadLetterDismantleFunction')]?.Properties ?? {};
  const added = {
    PersonRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version,
          Statement: [
            {
              Effect: 'Allow',
              Action: 'sts:AssumeRole',
              Principal: { Service: 'lambda.amazonaws.com' },
            },
          ],
        },
      },
    },
    PersonPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'Person',
        Roles: [{ Ref: 'PersonRole' }],
        PolicyDocument: {
          Version,
          Statement: statements.filter(({ Action }) => Action.length > 0),
        },
      },
    },
    Person: {
      Type: 'AWS::Lambda::Function',
      Properties: { ...lent, Role: { 'Fn::GetAtt': ['PersonRole', 'Arn'] } },
    },
  };
  const template = { ...assembly.template, Resources: { ...Resources, ...added } };
  return { ...assembly, template };
}
