import { type Fields, textIn } from '../fields.ts';
import { parseCondition } from './conditions.ts';
import type { Path } from './document-path.ts';
import { type ExpressionKind, ExpressionParser } from './expression-parser.ts';
import type { ItemStore } from './item-store.ts';
import { Names } from './placeholders.ts';
import type { TableSchema } from './table-schema.ts';
import type { TableUnits } from './table-units.ts';
import { parseUpdate } from './updates.ts';

/** A call that is carried out. */
export interface DynamoRequest {
  readonly input: Fields;
  readonly store: ItemStore;
  /** Told of what is billed. */
  readonly onUnits: (units: TableUnits) => void;
}

/** One operation of DynamoDB. */
export interface DynamoCall {
  /** All parameters that it knows here. */
  readonly parameters: readonly string[];
  /** Gives the answer, as JSON. @throws AwsError */
  run(request: DynamoRequest): string;
}

/** Expressions that were read, by text: a crawl sends the same few again and again. */
const MAX_KEPT = 500;
const readKey = remembering((text) => parseCondition(text, 'KeyConditionExpression'));
const readCondition = remembering((text) => parseCondition(text, 'ConditionExpression'));
const readFilter = remembering((text) => parseCondition(text, 'FilterExpression'));
const readUpdate = remembering(parseUpdate);
const readProjection = remembering(parseProjection);

/** The expressions of a request, with the names and values that they use. */
export class Expressions {
  readonly names: Names;
  readonly #input: Fields;

  constructor(input: Fields) {
    this.#input = input;
    this.names = new Names(input['ExpressionAttributeNames'], input['ExpressionAttributeValues']);
  }

  /** What must hold before a write; undefined where the request has none. @throws AwsError */
  condition() {
    return this.#read('ConditionExpression', readCondition)?.condition;
  }

  /** Which items are given; undefined for all. @throws AwsError */
  filter() {
    return this.#read('FilterExpression', readFilter)?.condition;
  }

  /** Which keys are looked at. @throws AwsError */
  keyCondition() {
    return this.#read('KeyConditionExpression', readKey)?.condition;
  }

  /** What changes; undefined where the request has none. @throws AwsError */
  update() {
    return this.#read('UpdateExpression', readUpdate)?.update;
  }

  /** The places that are asked for; undefined for all. @throws AwsError */
  projection(): readonly Path[] | undefined {
    const read = this.#read('ProjectionExpression', readProjection);
    return read?.paths.map((path) => this.names.resolve(path));
  }

  #read<T extends { readonly used: Iterable<string> }>(
    kind: ExpressionKind,
    read: (text: string) => T,
  ): T | undefined {
    if (this.#input[kind] === undefined || this.#input[kind] === null) return undefined;
    const known = read(textIn(this.#input, kind));
    this.names.use(known.used, kind);
    return known;
  }
}

function remembering<T>(read: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    if (kept.size === MAX_KEPT) kept.clear();
    const fresh = read(text);
    kept.set(text, fresh);
    return fresh;
  };
}

function parseProjection(text: string) {
  const parser = new ExpressionParser(text, 'ProjectionExpression');
  const paths = parser.list(() => parser.path());
  parser.end();
  return { paths, used: parser.used };
}

/** What a call was billed, where the request wants to know. */
export function consumed(input: Fields, { name }: TableSchema, units: number) {
  const wanted = input['ReturnConsumedCapacity'] ?? 'NONE';
  if (wanted === 'NONE') return {};
  const table = wanted === 'INDEXES' ? { Table: { CapacityUnits: units } } : {};
  return { ConsumedCapacity: { TableName: name, CapacityUnits: units, ...table } };
}

/** The JSON of an object some of whose fields are JSON already. */
export function jsonOf(
  fields: Fields,
  written: Readonly<Record<string, string | undefined>>,
): string {
  const parts = Object.entries(written).map(([name, json]) =>
    json === undefined ? '' : `"${name}":${json}`,
  );
  const rest = JSON.stringify(fields).slice(1, -1);
  return `{${[...parts, rest].filter((part) => part !== '').join(',')}}`;
}
