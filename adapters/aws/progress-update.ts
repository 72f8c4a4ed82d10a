import type { AttributeValue, Update } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { progressKey } from '../../contract/table-keys.ts';

/** A change of the progress of a group, by the names of its attributes. */
export interface ProgressChange {
  readonly runId: string;
  readonly group: string;
  readonly add?: Readonly<Record<string, number>>;
  readonly set?: Readonly<Record<string, AttributeValue>>;
  readonly remove?: readonly string[];
  /** A text that has to be greater than what is there. */
  readonly forwards?: { readonly name: string; readonly text: string };
}

/** The change as DynamoDB is asked for it. */
export function progressUpdate(table: string, change: ProgressChange): Update {
  const { runId, group, add = {}, set = {}, remove = [], forwards } = change;
  const names = new Map<string, string>();
  const values = new Map<string, AttributeValue>();
  const nameOf = (name: string) => {
    const alias = names.get(name) ?? `#n${names.size}`;
    names.set(name, alias);
    return alias;
  };
  const aliasOf = (value: AttributeValue) => {
    const alias = `:v${values.size}`;
    values.set(alias, value);
    return alias;
  };
  const clauses = [
    clause('SET', Object.entries(set), ([name, value]) => `${nameOf(name)} = ${aliasOf(value)}`),
    clause('REMOVE', remove, nameOf),
    clause('ADD', Object.entries(add), ([name, count]) => {
      return `${nameOf(name)} ${aliasOf({ N: String(count) })}`;
    }),
  ];
  const front = forwards && nameOf(forwards.name);
  const condition =
    forwards && `attribute_not_exists(${front}) OR ${front} < ${aliasOf({ S: forwards.text })}`;
  return {
    TableName: table,
    Key: marshall(progressKey(runId, group)),
    UpdateExpression: clauses.filter((text) => text !== '').join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries([...names].map(([name, alias]) => [alias, name])),
    ExpressionAttributeValues: values.size === 0 ? undefined : Object.fromEntries(values),
  };
}

function clause<T>(verb: string, all: readonly T[], text: (one: T) => string): string {
  return all.length === 0 ? '' : `${verb} ${all.map(text).join(', ')}`;
}
