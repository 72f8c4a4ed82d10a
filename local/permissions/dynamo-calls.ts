import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../local-clients.ts';
import { type Call, textOf } from './call.ts';

/** Actions of DynamoDB that a request here can ask for. */
export const DYNAMO_ACTIONS = [
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
  'DescribeTable',
  'ListTables',
  'CreateTable',
  'UpdateTable',
  'DeleteTable',
  'DescribeTimeToLive',
  'TagResource',
  'UntagResource',
  'ListTagsOfResource',
] as const;

/** What a request asks: a batch of several tables asks for each of them, an index for itself. */
export function dynamoCalls(operation: string, body: unknown): readonly Call[] {
  const action = `dynamodb:${operation}`;
  return resourcesOf(operation, body).map((resource) => ({ action, resource }));
}

function resourcesOf(operation: string, body: unknown): readonly string[] {
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    const tables = Object.keys(requestItemsOf(body));
    return tables.length === 0 ? ['*'] : tables.map(tableArn);
  }
  const table = textOf(body, 'TableName');
  if (table === '') return [textOf(body, 'ResourceArn') || '*'];
  const index = textOf(body, 'IndexName');
  return [index === '' ? tableArn(table) : `${tableArn(table)}/index/${index}`];
}

function requestItemsOf(body: unknown): object {
  if (typeof body !== 'object' || body === null || !('RequestItems' in body)) return {};
  const { RequestItems } = body;
  return typeof RequestItems === 'object' && RequestItems !== null ? RequestItems : {};
}

/** A table may be named by its ARN as well. */
function tableArn(name: string): string {
  if (name.startsWith('arn:')) return name;
  return `arn:aws:dynamodb:${LOCAL_IDENTITY.region}:${LOCAL_ACCOUNT}:table/${name}`;
}
