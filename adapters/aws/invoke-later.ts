import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Invokes a function and does not wait for it; resolves when it is sure to run. */
export async function invokeLater(
  lambda: LambdaClient,
  FunctionName: string,
  event: unknown,
): Promise<void> {
  const Payload = JSON.stringify(event);
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
}
