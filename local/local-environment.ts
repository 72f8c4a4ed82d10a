import { dirname, join } from 'node:path';
import type { LocalBot } from '../contract/bot-identity.ts';
import type { ProxySettings } from '../contract/proxy.ts';
import type { Endpoints } from './emulators/emulators.ts';
import type { FunctionSpec } from './functions/function-instance.ts';
import { identityOf, LOCAL_IDENTITY } from './local-clients.ts';

/** Threads die in an instant, and are missed at once: in seconds. */
const LEASE_S = '10';

/** What functions of this machine are told that those of AWS are not. */
export interface LocalEnvironment {
  /** Absolute. */
  readonly dataDir: string;
  /** The operator's allowance to fetch addresses that are not public. */
  readonly allowPrivate: boolean;
  /** Through which proxies sites are asked; by default what the template says. */
  readonly proxies?: ProxySettings;
  /** Hooks are built again whenever their sources change, and used at once. */
  readonly dev?: boolean;
  /** The identity that requests are signed with; by default they are not signed. */
  readonly bot?: LocalBot;
  /** Requests to sites that a worker has under way at once; by default what the template says. */
  readonly maxInFlight?: number;
  /** A server that speaks the APIs of SQS, DynamoDB and S3, instead of the emulators of this machine. */
  readonly endpoint?: string;
}

/** What this machine is and AWS is not: endpoints, an identity of no account, plain files. */
export function withLocalEnvironment(
  spec: FunctionSpec,
  endpoints: Endpoints,
  options: LocalEnvironment,
): FunctionSpec {
  const { allowPrivate, bot, dataDir, maxInFlight, proxies, dev } = options;
  // The key of a stack is in its own account.
  const { BOT_KEY_SECRET: _, ...environment } = spec.environment;
  const { region, credentials } = identifierFor(options)(spec.name);
  const local = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // No profile of the person who runs this may change where requests go.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    ...('ALLOW_PRIVATE_ADDRESSES' in spec.environment && {
      ALLOW_PRIVATE_ADDRESSES: String(allowPrivate),
      ...botVariables(bot),
    }),
    ...('PROXIES' in spec.environment &&
      proxies !== undefined && { PROXIES: JSON.stringify(proxies) }),
    ...withImagesFolder(spec.environment['RUN_DEFAULTS'], dataDir),
    ...('LEASE_S' in spec.environment && { LEASE_S }),
    ...('MAX_IN_FLIGHT' in spec.environment && dev === true && { HOOKS_MODULE: hooksOf(spec) }),
    ...('MAX_IN_FLIGHT' in spec.environment &&
      maxInFlight !== undefined && { MAX_IN_FLIGHT: String(maxInFlight) }),
  };
  // A template that says where images go is heard: nobody looks for them in a bucket of this machine.
  return { ...spec, environment: { STORAGE: 'files', ...environment, ...local } };
}

/** Beside the worker's module, so that they find the packages of its asset. */
export function hooksOf({ module }: FunctionSpec): string {
  return join(dirname(module), '.hooks', 'hooks.mjs');
}

/** The path of the key alone: nobody finds the key itself in an environment. */
function botVariables(bot: LocalBot | undefined): Readonly<Record<string, string>> {
  if (bot === undefined) return {};
  return { BOT_KEY_FILE: bot.keyFile, BOT_AGENT: bot.agent, BOT_FORM: bot.form };
}

/** Where images are files, a run that nobody typed needs a folder for them, too. */
function withImagesFolder(
  runDefaults: string | undefined,
  dataDir: string,
): Readonly<Record<string, string>> {
  if (runDefaults === undefined) return {};
  const imagesFolder = join(dataDir, 'images');
  return { RUN_DEFAULTS: JSON.stringify({ ...JSON.parse(runDefaults), imagesFolder }) };
}

/** The judge of this machine knows functions by their keys; another server may take one key only. */
export function identifierFor({ endpoint }: LocalEnvironment) {
  return endpoint === undefined ? identityOf : () => LOCAL_IDENTITY;
}
