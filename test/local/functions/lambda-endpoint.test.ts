import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { expect, it, onTestFinished } from 'vitest';
import { createLambda } from '../../../adapters/aws/clients.ts';
import { startLambdaEndpoint } from '../../../local/functions/lambda-endpoint.ts';
import { LOCAL_IDENTITY } from '../../../local/local-clients.ts';
import { runFunction, Wire } from '../tiny-functions.ts';

/** An endpoint with one function, `tiny`, until the test ends. */
async function start(body: string) {
  const wire = new Wire();
  const tiny = await runFunction(body, {}, wire);
  const deaths: string[] = [];
  const died = Promise.withResolvers<string>();
  const requests: string[] = [];
  const endpoint = await startLambdaEndpoint(
    new Map([['tiny', tiny]]),
    (service, action) => requests.push(`${service} ${action}`),
    (name, error) => {
      deaths.push(error);
      died.resolve(`${name} ${error}`);
    },
  );
  const lambda = createLambda({ ...LOCAL_IDENTITY, endpoint: endpoint.url });
  onTestFinished(async () => {
    lambda.destroy();
    await endpoint.close();
  });
  return { lambda, wire, deaths, died: died.promise, requests };
}

async function invoke(lambda: LambdaClient, event: unknown, more: object = {}) {
  const command = { FunctionName: 'tiny', Payload: JSON.stringify(event), ...more };
  const { Payload, ...answer } = await lambda.send(new InvokeCommand(command));
  const text = Payload?.transformToString() ?? '';
  return { ...answer, payload: text === '' ? undefined : JSON.parse(text) };
}

it('an invocation that is waited for gives what the function returns', async () => {
  const { lambda, requests } = await start('return { doubled: event.number * 2 };');
  const answer = await invoke(lambda, { number: 21 });
  expect(answer).toMatchObject({ StatusCode: 200, payload: { doubled: 42 } });
  expect(answer.FunctionError).toBeUndefined();
  expect(requests).toEqual(['lambda Invoke']);
});

it('nothing returned is null', async () => {
  const { lambda } = await start('');
  expect(await invoke(lambda, {})).toMatchObject({ StatusCode: 200, payload: null });
});

it.each([
  ["throw new Error('broke');", 'Error: broke'],
  ['process.exit(2);', 'exited with code 2'],
])('an error of the function is told as such, once: %s', async (body, errorMessage) => {
  const { lambda, wire } = await start(`tell(1); ${body}`);
  expect(await invoke(lambda, {})).toMatchObject({
    StatusCode: 200,
    FunctionError: 'Unhandled',
    payload: { errorMessage },
  });
  await wire.next();
  expect(wire.untaken).toBe(0);
});

it('an event is taken before the function has ended', async () => {
  const { lambda, wire, deaths } = await start('await heard("go"); tell(event);');
  const answer = await invoke(lambda, { runId: 'r1' }, { InvocationType: 'Event' });
  expect(answer).toMatchObject({ StatusCode: 202, payload: undefined });
  // The thread may not listen yet: it is told until it has heard.
  const told = wire.next();
  const telling = setInterval(() => wire.say('go'), 10);
  onTestFinished(() => clearInterval(telling));
  expect(await told).toEqual({ runId: 'r1' });
  expect(deaths).toEqual([]);
});

it('an event whose function fails is tried two times more, and then told', async () => {
  const { lambda, wire, died, deaths } = await start("tell(1); throw new Error('broke');");
  await invoke(lambda, {}, { InvocationType: 'Event' });
  expect(await died).toBe('tiny Error: broke');
  await wire.take(3);
  expect(wire.untaken).toBe(0);
  expect(deaths).toHaveLength(1);
});

it('an unknown function is not found', async () => {
  const { lambda } = await start('');
  const absent = invoke(lambda, {}, { FunctionName: 'absent' });
  await expect(absent).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: absent',
    $metadata: { httpStatusCode: 404, attempts: 1 },
  });
});
