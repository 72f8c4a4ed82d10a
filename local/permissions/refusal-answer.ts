import { randomUUID } from 'node:crypto';
import type { Refusal } from './permission-judge.ts';

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Services as their protocols differ. */
export type JudgedService = 'sqs' | 'dynamodb' | 's3' | 'lambda';

const AMZ_JSON = 'application/x-amz-json-1.0';

/** The names that each service has for a refusal. */
const NAMES = {
  sqs: { denied: 'AccessDeniedException', 'unknown-caller': 'UnrecognizedClientException' },
  dynamodb: { denied: 'AccessDeniedException', 'unknown-caller': 'UnrecognizedClientException' },
  lambda: { denied: 'AccessDeniedException', 'unknown-caller': 'UnrecognizedClientException' },
  s3: { denied: 'AccessDenied', 'unknown-caller': 'InvalidAccessKeyId' },
} as const satisfies Record<JudgedService, Record<Refusal['kind'], string>>;

/** Names of the query protocol, which clients of SQS still know errors by. */
const QUERY_NAMES = { denied: 'AccessDenied', 'unknown-caller': 'InvalidClientTokenId' } as const;

/** A refusal as the error of a service: status 403, in the form of its protocol. */
export function refusalAnswer(service: JudgedService, { kind, message }: Refusal): Answer {
  const name = NAMES[service][kind];
  const headers = { 'x-amzn-errortype': name, 'x-amzn-requestid': randomUUID() };
  switch (service) {
    case 's3':
      return {
        status: 403,
        headers: { 'content-type': 'application/xml' },
        body: xml(name, message),
      };
    case 'lambda':
      return json({ ...headers, 'content-type': 'application/json' }, { Message: message });
    case 'dynamodb':
      return json({ ...headers, 'content-type': AMZ_JSON }, coral(name, message));
    case 'sqs': {
      const query = { 'x-amzn-query-error': `${QUERY_NAMES[kind]};Sender` };
      return json({ ...headers, ...query, 'content-type': AMZ_JSON }, coral(name, message));
    }
  }
}

function coral(name: string, message: string): object {
  return { __type: `com.amazon.coral.service#${name}`, message };
}

function json(headers: Answer['headers'], body: object): Answer {
  return { status: 403, headers, body: JSON.stringify(body) };
}

function xml(code: string, message: string): string {
  const about = `<Code>${code}</Code><Message>${escaped(message)}</Message>`;
  const request = `<RequestId>${randomUUID()}</RequestId><HostId>local</HostId>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${about}${request}</Error>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
