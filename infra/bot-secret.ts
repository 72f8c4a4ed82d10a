import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { agentOf } from '../contract/bot-identity.ts';
import type { Settings } from './settings.ts';

/** What tells a worker how to sign requests; nothing where they are not signed. */
export function botVariables({ webBotAuth }: Settings): Readonly<Record<string, string>> {
  if (webBotAuth === null) return {};
  const { secret, origin, form } = webBotAuth;
  return { BOT_KEY_SECRET: secret, BOT_AGENT: agentOf(origin, form), BOT_FORM: form };
}

/** Allows reading the key, where there is one. */
export function grantBotKey(grantee: IGrantable & IConstruct, { webBotAuth }: Settings): void {
  if (webBotAuth === null) return;
  const { secret } = webBotAuth;
  const isArn = secret.startsWith('arn:');
  const arn = isArn ? secret : arnOfName(secret, Stack.of(grantee));
  Grant.addToPrincipal({
    grantee,
    actions: ['secretsmanager:GetSecretValue'],
    resourceArns: [arn],
  });
}

/** Secrets Manager adds a hyphen and six characters to the name. */
function arnOfName(name: string, stack: Stack): string {
  return stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
