import * as z from 'zod';
import { type Place, resolve } from '../template/intrinsics.ts';
import { readProperties } from '../template/resource-schemas.ts';
import type { Template } from '../template/template.ts';
import { problemOfAction } from './known-actions.ts';
import { type Grant, problemOfResource, RolePolicy } from './role-policy.ts';

const named = (what: string) => ({
  error: ({ input }: { readonly input: unknown }) => `${what} ${String(input)} is not judged here`,
});
const VERSION = z.literal('2012-10-17', named('Version')).optional();
/** One or a list of them. Not a union: that would keep to itself what is wrong with the one. */
const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(item));
const checked = (problemOf: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const allow = z.literal('Allow', named('Effect'));
/**
 * Every schema of a policy is strict, so that what is not judged here (a condition, a denial,
 * `NotAction`, a managed policy) is an error by its name and never a silent yes.
 */
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: allow,
  Action: list(checked(problemOfAction)),
  Resource: list(checked(problemOfResource)),
});
const document = z.strictObject({ Version: VERSION, Statement: list(statement) });

const policyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: document,
  Roles: z.array(z.string()),
});

/** Policies that AWS keeps, as far as they are known here. */
const MANAGED: Readonly<Record<string, readonly Grant[]>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': [
    { action: 'logs:CreateLogGroup', resource: '*' },
    { action: 'logs:CreateLogStream', resource: '*' },
    { action: 'logs:PutLogEvents', resource: '*' },
  ],
};
const managed = checked((arn) => {
  return Object.hasOwn(MANAGED, arn) ? undefined : `managed policy ${arn} is not known here`;
});

/** The functions must be able to take the role; who else may is no matter of this machine. */
const trust = z.strictObject({
  Version: VERSION,
  Statement: z.tuple([
    z.strictObject({
      Effect: allow,
      Action: z.literal('sts:AssumeRole'),
      Principal: z.strictObject({ Service: z.literal('lambda.amazonaws.com') }),
    }),
  ]),
});

const roleProperties = z.strictObject({
  AssumeRolePolicyDocument: trust,
  Description: z.unknown().optional(),
  Tags: z.unknown().optional(),
  ManagedPolicyArns: z.array(managed).optional(),
  Policies: z
    .array(z.strictObject({ PolicyName: z.string(), PolicyDocument: document }))
    .optional(),
});

/** Lets nobody in without TLS. This machine speaks plain HTTP, and to itself only: it does not apply. */
const denyWithoutTls = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Deny'),
  Principal: z.union([z.literal('*'), z.strictObject({ AWS: z.literal('*') })]),
  Action: z.union([z.literal('sqs:*'), z.literal('s3:*')]),
  Resource: list(z.string()),
  Condition: z.strictObject({
    Bool: z.strictObject({ 'aws:SecureTransport': z.literal('false') }),
  }),
});

/** Lets a service of AWS in that does not run here, whatever the conditions: functions gain nothing. */
const allowLogDelivery = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Principal: z.strictObject({ Service: z.literal('logging.s3.amazonaws.com') }),
  Action: z.literal('s3:PutObject'),
  Resource: list(z.string()),
  Condition: z.unknown().optional(),
});

/** Likewise a distribution of CloudFront that reads what it serves. */
const allowDistribution = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Principal: z.strictObject({ Service: z.literal('cloudfront.amazonaws.com') }),
  Action: z.literal('s3:GetObject'),
  Resource: list(z.string()),
  Condition: z.unknown().optional(),
});

const resourceDocument = z.strictObject({
  Version: VERSION,
  Statement: z.array(
    z.union([denyWithoutTls, allowLogDelivery, allowDistribution], {
      error: ({ input }) => `a statement that is not judged here: ${JSON.stringify(input)}`,
    }),
  ),
});

/** Policies of resources: none that is accepted changes what a function may do. */
const queuePolicyProperties = z.strictObject({
  Queues: z.array(z.string()),
  PolicyDocument: resourceDocument,
});
const bucketPolicyProperties = z.strictObject({
  Bucket: z.string(),
  PolicyDocument: resourceDocument,
});

/** What each role of a template may do, by the role's name. @throws UnsupportedTemplateError */
export function readPolicies(template: Template, place: Place): ReadonlyMap<string, RolePolicy> {
  const grants = new Map<string, Grant[]>();
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    const read = READERS[Type];
    if (read === undefined) continue;
    const name = place.resources.get(id)?.ref ?? id;
    for (const { role, granted } of read(resolve(Properties, place), id, name)) {
      grants.set(role, [...(grants.get(role) ?? []), ...granted]);
    }
  }
  return new Map([...grants].map(([role, all]) => [role, new RolePolicy(role, all)]));
}

interface Granted {
  readonly role: string;
  readonly granted: readonly Grant[];
}

/** Where the schemas of this page are. */
const FILE = 'local/permissions/template-policies.ts';

/** What each type of resource that has policies grants, and to which roles. */
const READERS: Readonly<
  Record<string, (given: unknown, id: string, name: string) => readonly Granted[]>
> = {
  'AWS::IAM::Role': (given, id, role) => {
    const { Policies = [], ManagedPolicyArns = [] } = readProperties(
      roleProperties,
      given,
      id,
      FILE,
    );
    const own = Policies.flatMap(({ PolicyDocument }) => grantsOf(PolicyDocument));
    return [{ role, granted: [...own, ...ManagedPolicyArns.flatMap((arn) => MANAGED[arn] ?? [])] }];
  },
  'AWS::IAM::Policy': (given, id) => {
    const { Roles, PolicyDocument } = readProperties(policyProperties, given, id, FILE);
    return Roles.map((role) => ({ role, granted: grantsOf(PolicyDocument) }));
  },
  'AWS::SQS::QueuePolicy': (given, id) => {
    readProperties(queuePolicyProperties, given, id, FILE);
    return [];
  },
  'AWS::S3::BucketPolicy': (given, id) => {
    readProperties(bucketPolicyProperties, given, id, FILE);
    return [];
  },
};

function grantsOf({ Statement }: z.output<typeof document>): readonly Grant[] {
  return Statement.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
  );
}
