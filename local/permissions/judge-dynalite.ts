import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { dynamoCalls } from './dynamo-calls.ts';
import type { PermissionJudge } from './permission-judge.ts';
import { refusalAnswer } from './refusal-answer.ts';
import { type TableUnits, tableUnits, unitsOfAnswer } from './table-units.ts';

/** A request that is complete, and that dynalite is about to check. */
interface Complete {
  readonly judge: PermissionJudge;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly onUnits: OnUnits;
}

/** Told of what a request that is carried out would cost. */
export type OnUnits = (units: TableUnits) => void;

/**
 * dynalite parses, checks and begins a request in the turn in which its last byte came, so what
 * came last is what is being checked.
 */
let complete: Complete | undefined;

/** Lets a dynalite carry out only what the judge allows. Call `seeParsedRequests` before. */
export function judgeDynalite(
  server: Server,
  judge: PermissionJudge,
  onUnits: OnUnits = () => {},
): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    // Before dynalite's own listener, which comes after this one.
    request.once('end', () => {
      complete = { judge, request, response, onUnits };
    });
  });
}

/**
 * Makes dynalite show each request that it has parsed: a body of 25 results is not parsed twice
 * only to learn which table it is for. Call it before dynalite is used.
 */
export async function seeParsedRequests(): Promise<void> {
  if (seen) return;
  seen = true;
  const { default: module } = await import('dynalite/validations/index.js');
  const { checkValidations } = module;
  module.checkValidations = (data, ...rest) => {
    judgeRequest(data);
    checkValidations(data, ...rest);
  };
}

let seen = false;

/** @throws what dynalite takes for an answer */
function judgeRequest(data: unknown): void {
  if (complete === undefined) return;
  const { judge, request, response, onUnits } = complete;
  complete = undefined;
  const { authorization, 'x-amz-target': target } = request.headers;
  const operation = String(target).split('.')[1] ?? '';
  const refusal = judge.judge({ authorization, url: request.url ?? '' }, () => {
    return dynamoCalls(operation, data);
  });
  if (refusal === undefined) {
    onUnits(tableUnits(operation, data));
    if (operation === 'Query')
      countAnswer(response, (answer) => onUnits(unitsOfAnswer(operation, answer)));
    return;
  }
  const { status, headers, body } = refusalAnswer('dynamodb', refusal);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  throw Object.assign(new Error(refusal.message), { statusCode: status, body: JSON.parse(body) });
}

/** Shows the body of an answer when it is sent: dynalite sends it whole. */
function countAnswer(response: ServerResponse, onAnswer: (answer: unknown) => void): void {
  const end = response.end.bind(response);
  Object.defineProperty(response, 'end', {
    value: (body: unknown) => {
      onAnswer(JSON.parse(String(body)));
      return end(body);
    },
  });
}
