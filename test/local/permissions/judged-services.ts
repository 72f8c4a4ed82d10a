import { join } from 'node:path';
import { createDynamo, createLambda, createS3, createSqs } from '../../../adapters/aws/clients.ts';
import { startEmulators } from '../../../local/emulators/emulators.ts';
import { startLambdaEndpoint } from '../../../local/functions/lambda-endpoint.ts';
import { identityOf } from '../../../local/local-clients.ts';
import { type OnDenied, PermissionJudge } from '../../../local/permissions/permission-judge.ts';
import { RolePolicy } from '../../../local/permissions/role-policy.ts';

/** Clients under one access key. */
export class Aws {
  readonly sqs;
  readonly s3;
  readonly dynamo;
  readonly lambda;

  constructor(key: string, endpoints: Readonly<Record<'aws' | 'lambda', string>>) {
    const identity = identityOf(key);
    this.sqs = createSqs({ ...identity, endpoint: endpoints.aws });
    this.s3 = createS3({ ...identity, endpoint: endpoints.aws });
    this.dynamo = createDynamo({ ...identity, endpoint: endpoints.aws });
    this.lambda = createLambda({ ...identity, endpoint: endpoints.lambda });
  }
}

/** Every service of this machine behind one judge. */
export async function startJudgedServices(folder: string, onDenied: OnDenied = () => {}) {
  const judge = new PermissionJudge(onDenied);
  const emulators = await startEmulators(join(folder, 'data'), { judge });
  const lambda = await startLambdaEndpoint(
    new Map(),
    () => {},
    () => {},
    judge,
  );
  const endpoints = { aws: emulators.url, lambda: lambda.url };
  const made: Aws[] = [];
  let callers = 0;

  /** Clients that sign with a key, whoever that is. */
  const withKey = (key: string): Aws => {
    const aws = new Aws(key, endpoints);
    made.push(aws);
    return aws;
  };
  /** Clients of a function that may do this and nothing else; each a text `sqs:SendMessage ARN`. */
  const allowed = (...grants: readonly string[]): Aws => {
    callers += 1;
    const split = grants.map((grant) => grant.split(/ (.*)/s));
    const parts = split.map(([action = '', resource = '']) => ({ action, resource }));
    judge.admit(`function-${callers}`, new RolePolicy('Role', parts));
    return withKey(`function-${callers}`);
  };
  const close = async () => {
    for (const aws of made) for (const client of Object.values(aws)) client.destroy();
    await Promise.all([emulators.close(), lambda.close()]);
  };
  /** How many functions there are: the newest is `function-N`. */
  return { endpoints, withKey, allowed, callers: () => callers, close };
}
