import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { JudgedService } from '../permissions/refusal-answer.ts';
import { AwsError } from './aws-error.ts';
import { type Fields, isFields } from './fields.ts';

/** A service that speaks one of AWS's JSON protocols. */
export interface JsonService {
  readonly name: JudgedService;
  /**
   * Gives the answer as JSON; `whileWanted` ends when its client is gone. @throws AwsError
   */
  call(operation: string, input: Fields, about: CallContext): string | Promise<string>;
  /** The error's full name. */
  errorType(error: AwsError): string;
  /** Further headers of an error. */
  errorHeaders?(error: AwsError): Readonly<Record<string, string>>;
}

/** What a call may want to know besides its input. */
export interface CallContext {
  /** As the client wrote it: with it begin the URLs that it is given. */
  readonly host: string;
  /** Called when the client has gone before it was answered. */
  onGone(listener: () => void): void;
}

const AMZ_JSON = 'application/x-amz-json-1.0';

/** The fields of a body. @throws AwsError */
export function parseBody(body: Buffer): Fields {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (isFields(input)) return input;
  } catch {
    // Told below.
  }
  throw new AwsError('SerializationException', 'the body is no JSON object');
}

/** A parameter that is not known here is an error by its name, never left aside. @throws AwsError */
export function checkParameters(call: string, input: Fields, known: readonly string[]): void {
  for (const name in input) {
    if (known.includes(name)) continue;
    throw new AwsError('ValidationException', `${call}: ${name} is not supported on this machine`);
  }
}

/** Answers with what the service makes of a call. */
export async function answerCall(
  service: JsonService,
  operation: string,
  input: Fields,
  [request, response]: readonly [IncomingMessage, ServerResponse],
): Promise<void> {
  const host = request.headers.host ?? '';
  const onGone = (listener: () => void) => void response.once('close', listener);
  const json = await service.call(operation, input, { host, onGone });
  send(response, 200, json);
}

/** Answers with an error. One that is not the client's fault is told as such. */
export function answerError(service: JsonService, error: unknown, response: ServerResponse): void {
  const told =
    error instanceof AwsError ? error : new AwsError('InternalServerError', String(error), 500);
  const type = service.errorType(told);
  const headers = { 'x-amzn-errortype': told.name, ...service.errorHeaders?.(told) };
  const { message, details, status } = told;
  send(response, status, JSON.stringify({ __type: type, message, ...details }), headers);
}

function send(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(json);
  response.writeHead(status, {
    'content-type': AMZ_JSON,
    'content-length': body.length,
    'x-amzn-requestid': randomUUID(),
    'x-amz-crc32': crc32(body),
    ...headers,
  });
  response.end(body);
}
