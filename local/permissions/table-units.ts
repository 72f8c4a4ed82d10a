/** What DynamoDB bills for a request. */
export interface TableUnits {
  /** One for each begun KiB of each item that is written. */
  readonly written: number;
  /** One for each item of at most 4 KiB that is read as it is now, half of one otherwise. */
  readonly read: number;
}

/**
 * The units of a request that is about to be carried out. Where only AWS could know the size of an
 * item it is taken for a small one: what an update finds, what a read brings. What a query costs its
 * answer tells, see `unitsOfAnswer`.
 */
export function tableUnits(operation: string, data: unknown): TableUnits {
  const body = fieldsOf(data);
  switch (operation) {
    case 'PutItem':
      return { written: kibibytes(body['Item']), read: 0 };
    case 'UpdateItem':
      return { written: kibibytes(body['ExpressionAttributeValues']), read: 0 };
    case 'DeleteItem':
      return { written: 1, read: 0 };
    case 'BatchWriteItem':
      return { written: sumOver(body['RequestItems'], unitsOfWrites), read: 0 };
    case 'GetItem':
      return { written: 0, read: unitsOfRead(body, 1) };
    case 'BatchGetItem':
      return { written: 0, read: sumOver(body['RequestItems'], unitsOfKeys) };
    default:
      return { written: 0, read: 0 };
  }
}

/** The units of an answer that says what it cost, where the request did not tell: that of a query. */
export function unitsOfAnswer(operation: string, answer: unknown): TableUnits {
  if (operation !== 'Query') return { written: 0, read: 0 };
  const { CapacityUnits } = fieldsOf(fieldsOf(answer)['ConsumedCapacity']);
  return { written: 0, read: typeof CapacityUnits === 'number' ? CapacityUnits : 0 };
}

const KIB = 1024;

function unitsOfWrites(requests: unknown): number {
  if (!Array.isArray(requests)) return 0;
  return requests.reduce<number>((sum, request) => {
    const { PutRequest } = fieldsOf(request);
    return sum + kibibytes(fieldsOf(PutRequest)['Item']);
  }, 0);
}

function unitsOfKeys(asked: unknown): number {
  const { Keys } = fieldsOf(asked);
  return unitsOfRead(fieldsOf(asked), Array.isArray(Keys) ? Keys.length : 0);
}

function unitsOfRead({ ConsistentRead }: Fields, items: number): number {
  return ConsistentRead === true ? items : items / 2;
}

/** An item's size is its names and its values; here about that, in whole KiB and at least one. */
function kibibytes(item: unknown): number {
  return Math.max(1, Math.ceil(sizeOf(item) / KIB));
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  // Nearly all are texts, and a run writes a million of them.
  if ('S' in value && typeof value.S === 'string') return value.S.length;
  // Bytes are Base64 on the wire.
  if ('B' in value && typeof value.B === 'string') return Math.ceil((value.B.length * 3) / 4);
  let size = 0;
  for (const [name, inner] of Object.entries(value)) {
    size += (isTypeName(name) ? 0 : name.length) + sizeOf(inner);
  }
  return size;
}

/** `S`, `N`, `M` and such say what a value is, and are not stored. */
function isTypeName(name: string): boolean {
  return name.length <= 4 && name === name.toUpperCase();
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function sumOver(tables: unknown, units: (of: unknown) => number): number {
  return Object.values(fieldsOf(tables)).reduce<number>((sum, of) => sum + units(of), 0);
}
