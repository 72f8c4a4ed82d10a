import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Lets a function invoke another one, or itself, by a policy of its own: in the role's default one the
 * function would wait for itself.
 */
export function grantInvoke(
  scope: Construct,
  id: string,
  { caller, invoked }: { readonly caller: IFunction; readonly invoked: IFunction },
): void {
  const statement = new PolicyStatement({
    actions: ['lambda:InvokeFunction'],
    resources: [invoked.functionArn],
  });
  caller.role?.attachInlinePolicy(new Policy(scope, id, { statements: [statement] }));
}
