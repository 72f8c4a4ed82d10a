import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../local-clients.ts';
import type { Call } from './call.ts';

/** Actions of Lambda that a request here can ask for. */
export const LAMBDA_ACTIONS = ['InvokeFunction'] as const;

const FUNCTIONS = `arn:aws:lambda:${LOCAL_IDENTITY.region}:${LOCAL_ACCOUNT}:function:`;

/** What an invocation of a function asks. */
export function lambdaCalls(functionName: string): readonly Call[] {
  return [{ action: 'lambda:InvokeFunction', resource: `${FUNCTIONS}${functionName}` }];
}
