import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Call } from '../permissions/call.ts';
import { dynamoCalls } from '../permissions/dynamo-calls.ts';
import type { PermissionJudge } from '../permissions/permission-judge.ts';
import { type Answer, refusalAnswer } from '../permissions/refusal-answer.ts';
import { sqsCalls } from '../permissions/sqs-calls.ts';
import type { Fields } from './fields.ts';
import { answerCall, answerError, type JsonService, parseBody } from './json-service.ts';
import type { S3Service } from './s3.ts';

/** What a server of all services is made of. */
export interface ServerParts {
  /** By the beginning of their `x-amz-target`. */
  readonly sqs: JsonService;
  readonly dynamodb: JsonService;
  /** Gets everything else. */
  readonly s3: S3Service;
  readonly judge: PermissionJudge;
  /** Told of each request: the service and the action. */
  readonly onRequest: (service: string, action: string) => void;
}

/** What the requests of a service ask of IAM. */
const ASKS: Readonly<
  Record<'sqs' | 'dynamodb', (operation: string, input: Fields) => readonly Call[]>
> = {
  sqs: sqsCalls,
  dynamodb: dynamoCalls,
};

const PREFIXES = { 'AmazonSQS.': 'sqs', 'DynamoDB_20120810.': 'dynamodb' } as const;

/** One server for SQS, DynamoDB and S3, not listening yet. */
export function createAwsServer(parts: ServerParts) {
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    const target = targetOf(request);
    if (target === undefined) parts.s3.serve(request, response);
    else void serveJson(parts, target, request, response);
  });
  return server;
}

interface Target {
  readonly service: 'sqs' | 'dynamodb';
  readonly operation: string;
}

/** What is judged as one service is never carried out as another: this alone decides. */
function targetOf({ method, url, headers }: IncomingMessage): Target | undefined {
  const target = headers['x-amz-target'];
  if (method !== 'POST' || typeof target !== 'string' || !/^\/(\?|$)/.test(url ?? ''))
    return undefined;
  for (const [prefix, service] of Object.entries(PREFIXES)) {
    if (target.startsWith(prefix)) return { service, operation: target.slice(prefix.length) };
  }
  return undefined;
}

async function serveJson(
  parts: ServerParts,
  { service: name, operation }: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { judge, onRequest } = parts;
  const service = parts[name];
  onRequest(name, operation);
  try {
    const input = parseBody(await bodyOf(request));
    const signed = { authorization: request.headers.authorization, url: request.url ?? '' };
    const refusal = judge.judge(signed, () => ASKS[name](operation, input));
    if (refusal !== undefined) sendAnswer(response, refusalAnswer(name, refusal));
    else await answerCall(service, operation, input, [request, response]);
  } catch (error) {
    if (!response.headersSent) answerError(service, error, response);
  }
}

/** Resolves when all of it is there. */
function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}
