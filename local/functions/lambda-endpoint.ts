import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type Emulator, listen, type OnRequest } from '../emulators/emulators.ts';
import { lambdaCalls } from '../permissions/lambda-calls.ts';
import { PermissionJudge } from '../permissions/permission-judge.ts';
import { refusalAnswer } from '../permissions/refusal-answer.ts';
import type { LocalFunction } from './local-function.ts';

const INVOKE = /^\/2015-03-31\/functions\/([\w-]+)\/invocations$/;

/** The part of Lambda's API that functions and the command call: Invoke, in both its types. */
export async function startLambdaEndpoint(
  functions: ReadonlyMap<string, LocalFunction>,
  onRequest: OnRequest,
  onDeath: (name: string, error: string) => void,
  judge = new PermissionJudge(),
): Promise<Emulator> {
  const server = createServer((request, response) => {
    onRequest('lambda', 'Invoke');
    if (isRefused(request, response, judge)) return;
    void answer(request, response, functions, onDeath).catch((error) => {
      send(response, 500, { message: String(error) });
    });
  });
  const url = await listen(server);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}

/** As in AWS, who may not ask is not told whether the function is there. */
function isRefused(
  request: IncomingMessage,
  response: ServerResponse,
  judge: PermissionJudge,
): boolean {
  const { url = '', headers, method } = request;
  const name = invokedBy(request);
  const refusal = judge.judge({ authorization: headers.authorization, url }, () => {
    return name === undefined
      ? [{ action: `lambda:${method} ${url}`, resource: '*' }]
      : lambdaCalls(name);
  });
  if (refusal === undefined) return false;
  const { status, headers: told, body } = refusalAnswer('lambda', refusal);
  response.writeHead(status, told).end(body);
  return true;
}

/** The function that a request invokes, if that is what it does. */
function invokedBy({ method, url = '' }: IncomingMessage): string | undefined {
  return method === 'POST' ? INVOKE.exec(url)?.[1] : undefined;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  functions: ReadonlyMap<string, LocalFunction>,
  onDeath: (name: string, error: string) => void,
): Promise<void> {
  const name = invokedBy(request) ?? '';
  const wanted = functions.get(name);
  if (wanted === undefined) {
    response.setHeader('x-amzn-ErrorType', 'ResourceNotFoundException');
    return send(response, 404, { Message: `Function not found: ${name}` });
  }
  const event = await json(request);
  if (request.headers['x-amz-invocation-type'] === 'Event') {
    void wanted.invokeAsync(event).then((end) => {
      if (end.kind !== 'returned') onDeath(name, end.error);
    });
    return send(response, 202, undefined);
  }
  const end = await wanted.invoke(event);
  if (end.kind !== 'returned') response.setHeader('X-Amz-Function-Error', 'Unhandled');
  send(response, 200, end.kind === 'returned' ? (end.value ?? null) : { errorMessage: end.error });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
