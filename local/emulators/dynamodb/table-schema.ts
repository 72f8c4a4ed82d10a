import type { AwsError } from '../aws-error.ts';
import { type Fields, isFields, objectsIn, textIn } from '../fields.ts';
import { sortableNumber } from './decimal.ts';
import { invalid, invalidValue } from './invalid.ts';
import type { Item } from './values.ts';

/** An attribute of a key. */
interface KeyAttribute {
  readonly name: string;
  readonly type: string;
}

/** A table: its name and its key. */
export interface TableSchema {
  /** Number of the table in the file. */
  readonly id: number;
  readonly name: string;
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute;
  /** What was asked for when it was created, and when. */
  readonly description: Fields;
}

/** A key as the file has it: texts that sort as the key does. */
export interface StoredKey {
  readonly pk: string;
  /** Empty where the table has no sort key. */
  readonly sk: string;
}

/** Longest keys, in bytes. */
const MAX_BYTES = { HASH: 2048, RANGE: 1024 } as const;
const TABLE_NAME = /^[\w.-]{3,255}$/;

/** What the description of a table says of its key. @throws AwsError */
export function readSchema(id: number, description: Fields): TableSchema {
  const name = tableName(textIn(description, 'TableName'));
  const types = new Map<unknown, string>();
  for (const one of objectsIn(description, 'AttributeDefinitions')) {
    types.set(one['AttributeName'], textIn(one, 'AttributeType'));
  }
  const [hash, range] = objectsIn(description, 'KeySchema').map((one) => {
    const attribute = textIn(one, 'AttributeName');
    const type = types.get(attribute);
    if (type === undefined)
      throw invalidValue('Some index key attributes are not defined in AttributeDefinitions');
    return { name: attribute, type };
  });
  if (hash === undefined) throw invalid('KeySchema must have a HASH key');
  return { id, name, hash, range, description };
}

/** A name that a table can have. @throws AwsError */
export function tableName(name: string): string {
  if (TABLE_NAME.test(name)) return name;
  throw invalid(
    `Invalid table/index name. Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.': ${name}`,
  );
}

/** The key of an item that is to be written. @throws AwsError */
export function keyOfItem(table: TableSchema, item: Item): StoredKey {
  return storedKey(table, item, (name) => invalidValue(`Missing the key ${name} in the item`));
}

/** A key that names an item, and nothing else. @throws AwsError */
export function keyOfRequest(table: TableSchema, key: Item): StoredKey {
  const mismatch = () => invalid('The provided key element does not match the schema');
  if (Object.keys(key).length !== (table.range === undefined ? 1 : 2)) throw mismatch();
  return storedKey(table, key, mismatch);
}

/** The key of an item as its attributes. */
export function keyAttributes({ hash, range }: TableSchema, item: Item): Item {
  const names = range === undefined ? [hash.name] : [hash.name, range.name];
  return Object.fromEntries(names.map((name) => [name, item[name] ?? {}]));
}

function storedKey(
  { hash, range }: TableSchema,
  item: Item,
  missing: (name: string) => AwsError,
): StoredKey {
  const pk = keyPart(hash, item, 'HASH', missing);
  return { pk, sk: range === undefined ? '' : keyPart(range, item, 'RANGE', missing) };
}

function keyPart(
  { name, type }: KeyAttribute,
  item: Item,
  kind: keyof typeof MAX_BYTES,
  missing: (name: string) => AwsError,
): string {
  const value = item[name];
  if (value === undefined) throw missing(name);
  const content = value[type];
  if (typeof content !== 'string')
    throw invalidValue(
      `Type mismatch for key ${name} expected: ${type} actual: ${Object.keys(value)[0]}`,
    );
  if (content === '') {
    const noun = type === 'B' ? 'binary' : 'string';
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${noun} value. Key: ${name}`,
    );
  }
  const sortable = sortableKey(type, content);
  // No character has more than three bytes for each of its units.
  if (content.length * 3 > MAX_BYTES[kind] && Buffer.byteLength(content) > MAX_BYTES[kind]) {
    const noun = kind === 'HASH' ? 'hashkey' : 'rangekey';
    throw invalidValue(
      `Size of ${noun} has exceeded the maximum size limit of ${MAX_BYTES[kind]} bytes`,
    );
  }
  return sortable;
}

/** A value of a key as a text that sorts as it does. */
export function sortableKey(type: string, content: string): string {
  if (type === 'N') return sortableNumber(content);
  return type === 'B' ? Buffer.from(content, 'base64').toString('hex') : content;
}

/** What DynamoDB tells of a table. */
export function describeTable({ name, description }: TableSchema, account: string, region: string) {
  const { AttributeDefinitions, KeySchema, CreationDateTime } = description;
  return {
    TableName: name,
    TableStatus: 'ACTIVE',
    TableArn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
    AttributeDefinitions,
    KeySchema,
    CreationDateTime,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  };
}

/** Items by the names of tables, as a batch has them. @throws AwsError */
export function requestItemsOf(input: Fields): readonly (readonly [string, unknown])[] {
  const given = input['RequestItems'];
  const entries = isFields(given) ? Object.entries(given) : [];
  if (entries.length === 0) throw invalidValue('The batch has no RequestItems');
  return entries.map(([name, of]) => [tableName(name), of]);
}
