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
  if (operation === 'TransactWriteItems') return transactCalls(body);
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

/** A transaction asks for what each of its parts would ask for by itself. */
function transactCalls(body: unknown): readonly Call[] {
  if (typeof body !== 'object' || body === null || !('TransactItems' in body)) return [];
  const { TransactItems } = body;
  if (!Array.isArray(TransactItems)) return [];
  return TransactItems.flatMap((part: unknown): readonly Call[] => {
    if (typeof part !== 'object' || part === null) return [];
    return Object.entries(part).map(([kind, content]: [string, unknown]) => {
      return { action: `dynamodb:${kind}Item`, resource: tableArn(textOf(content, 'TableName')) };
    });
  });
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
