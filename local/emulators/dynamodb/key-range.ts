import type { Condition } from './conditions.ts';
import type { Operand } from './expression-parser.ts';
import { invalid } from './invalid.ts';
import type { KeyRange } from './item-store.ts';
import type { Names } from './placeholders.ts';
import { type StoredKey, sortableKey, type TableSchema } from './table-schema.ts';
import { typeOf } from './values.ts';

/** One condition of a key: on which attribute, of what kind, and the values as the file has them. */
interface KeyTest {
  readonly name: string;
  readonly sign: string;
  readonly values: readonly string[];
}

/** Comes after all characters that a key may have. */
const LAST = '\u{10ffff}';

/** The keys that a query looks at. */
export interface QueriedKeys {
  readonly pk: string;
  /** The range after a key, or before it where the order is reversed. */
  from(start: StoredKey | undefined, isReversed: boolean): Omit<KeyRange, 'isReversed'>;
  /** Whether a sort key that is in the range belongs to it. */
  includes(sk: string): boolean;
  /** Whether a key belongs to it. */
  holds(key: StoredKey): boolean;
}

/** Reads the condition on the key of a query. @throws AwsError */
export function readKeyRange(table: TableSchema, condition: Condition, names: Names): QueriedKeys {
  const tests = testsOf(condition).map((one) => readTest(one, table, names));
  const hash = tests.find(({ name, sign }) => name === table.hash.name && sign === '=');
  const [other, ...more] = tests.filter((one) => one !== hash);
  if (hash === undefined)
    throw invalid(`Query condition missed key schema element: ${table.hash.name}`);
  if (more.length > 0 || (other !== undefined && other.name !== table.range?.name))
    throw invalid('Query key condition not supported');
  const [pk = ''] = hash.values;
  const bounds = boundsOf(other);
  const includes = (sk: string) =>
    other?.sign !== 'begins_with' || sk.startsWith(other.values[0] ?? '');
  return {
    pk,
    from: (start, isReversed) => {
      if (start === undefined) return { pk, ...bounds };
      const cut = isReversed
        ? { high: start.sk, highIsOpen: true }
        : { low: start.sk, lowIsOpen: true };
      return { pk, ...bounds, ...cut };
    },
    includes,
    holds: (key) => key.pk === pk && isWithin(key.sk, bounds) && includes(key.sk),
  };
}

function isWithin(sk: string, bounds: ReturnType<typeof boundsOf>): boolean {
  const low = bytesOrder(sk, bounds.low);
  const high = bounds.high === undefined ? -1 : bytesOrder(sk, bounds.high);
  return (
    (low > 0 || (low === 0 && !bounds.lowIsOpen)) &&
    (high < 0 || (high === 0 && !bounds.highIsOpen))
  );
}

/** As the file sorts them. */
function bytesOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function testsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'and'
    ? [...testsOf(condition.left), ...testsOf(condition.right)]
    : [condition];
}

function readTest(condition: Condition, table: TableSchema, names: Names): KeyTest {
  const isKnown =
    condition.kind === 'compare' || (condition.kind === 'call' && condition.name === 'begins_with');
  if (!isKnown) throw invalid('Invalid operator used in KeyConditionExpression');
  const sign = condition.kind === 'compare' ? condition.sign : condition.name;
  if (sign === '<>' || sign === 'IN')
    throw invalid(`Invalid operator used in KeyConditionExpression: ${sign}`);
  const [path, ...values] = condition.args;
  const [name] = path?.kind === 'path' ? names.resolve(path.steps) : [];
  const attribute = [table.hash, table.range].find((one) => one?.name === name);
  if (attribute === undefined) throw invalid('Query key condition not supported');
  const { type } = attribute;
  return { name: attribute.name, sign, values: values.map((one) => contentOf(one, type, names)) };
}

function contentOf(operand: Operand, type: string, names: Names): string {
  const value = operand.kind === 'value' ? names.valueOf(operand, undefined) : undefined;
  if (value === undefined)
    throw invalid('Invalid KeyConditionExpression: a key is compared with a value');
  const content = value[type];
  if (typeof content !== 'string')
    throw invalid(
      `One or more parameter values were invalid: Condition parameter type does not match schema type: ${typeOf(value)}`,
    );
  return sortableKey(type, content);
}

function boundsOf(test: KeyTest | undefined): Omit<KeyRange, 'pk' | 'isReversed'> {
  const all = { low: '', lowIsOpen: false, highIsOpen: false };
  if (test === undefined) return all;
  const [first = '', second = ''] = test.values;
  switch (test.sign) {
    case '=':
      return { ...all, low: first, high: first };
    case '<':
      return { ...all, high: first, highIsOpen: true };
    case '<=':
      return { ...all, high: first };
    case '>':
      return { ...all, low: first, lowIsOpen: true };
    case '>=':
      return { ...all, low: first };
    case 'BETWEEN':
      return { ...all, low: first, high: second };
    default:
      return { ...all, low: first, high: `${first}${LAST}` };
  }
}
