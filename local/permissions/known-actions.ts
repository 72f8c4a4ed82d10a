import { DYNAMO_ACTIONS } from './dynamo-calls.ts';
import { LAMBDA_ACTIONS } from './lambda-calls.ts';
import { S3_ACTIONS } from './s3-calls.ts';
import { SQS_ACTIONS } from './sqs-calls.ts';

/** Services that run on this machine, with the actions that a request can ask for. */
const JUDGED: Readonly<Record<string, readonly string[]>> = {
  sqs: SQS_ACTIONS,
  dynamodb: DYNAMO_ACTIONS,
  s3: S3_ACTIONS,
  lambda: LAMBDA_ACTIONS,
};

/** Services that a policy may name although nothing here is ever asked of them, each with its reason. */
const NEVER_ASKED: Readonly<Record<string, string>> = {
  logs: 'what functions log goes to files of the data directory',
  cloudwatch: 'metrics are lines of the log',
  kms: 'nothing is encrypted here',
  ec2: 'functions are in the network of this machine',
  xray: 'nothing is traced here',
  secretsmanager: 'the key that requests are signed with is a file here',
};

/** The actions that are judged, as `sqs:SendMessage`. */
export const JUDGED_ACTIONS: ReadonlySet<string> = new Set(
  Object.entries(JUDGED).flatMap(([service, names]) => names.map((name) => `${service}:${name}`)),
);

/** What is wrong with an action of a policy; undefined when it is understood here. */
export function problemOfAction(pattern: string): string | undefined {
  if (pattern === '*') return undefined;
  if (!/^[a-z0-9-]+:[a-z0-9*?]+$/i.test(pattern)) return `${pattern} is no action`;
  const service = serviceOf(pattern);
  if (Object.hasOwn(NEVER_ASKED, service)) return undefined;
  if (!Object.hasOwn(JUDGED, service)) return `${pattern}: ${service} is not on this machine`;
  const wanted = actionMatcher(pattern);
  const isKnown = [...JUDGED_ACTIONS].some((action) => wanted.test(action));
  return isKnown ? undefined : `${pattern} is no action that is known here`;
}

/** Matches the actions that a pattern of a policy means: IAM heeds no case in them. */
export function actionMatcher(pattern: string): RegExp {
  return new RegExp(`^${glob(pattern, '.')}$`, 'i');
}

/** A pattern of IAM as the inside of a regular expression; `*` and `?` stand for `any`. */
export function glob(pattern: string, any: string): string {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === '*') return `${any}*`;
    return part === '?' ? any : part.replace(/\W/g, '\\$&');
  });
  return parts.join('');
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':')).toLowerCase();
}
