import type { IncomingHttpHeaders } from 'node:http';
import type { Call } from './call.ts';
import type { PermissionJudge } from './permission-judge.ts';
import { type Answer, refusalAnswer } from './refusal-answer.ts';
import { s3Calls } from './s3-calls.ts';
import { sqsCalls } from './sqs-calls.ts';

/** A request as the server of SQS and S3 has parsed it. */
export interface ParsedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** The answer to a request to SQS or S3 that may not be carried out. */
export function refuse(request: ParsedRequest, judge: PermissionJudge): Answer | undefined {
  const { method, url, headers } = request;
  const service = isSqs(request) ? 'sqs' : 's3';
  const signed = { authorization: headers.authorization, url };
  const refusal = judge.judge(signed, () => callsOf(request));
  if (refusal === undefined) return undefined;
  const answer = refusalAnswer(service, refusal);
  return method === 'HEAD' ? { ...answer, body: '' } : answer;
}

/** What the server takes for which service: what is judged as one must not be carried out as another. */
function isSqs({ method, url, headers }: ParsedRequest): boolean {
  const isJson = headers['content-type']?.includes('application/x-amz-json-1.0') === true;
  return isJson && method === 'POST' && /^\/(\?|$)/.test(url);
}

function callsOf(request: ParsedRequest): readonly Call[] {
  const { method, url, headers, body } = request;
  if (!isSqs(request)) return s3Calls(method, url, headers);
  return sqsCalls(String(headers['x-amz-target']).replace('AmazonSQS.', ''), body);
}
