declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB over HTTP; with a path its data is in LevelDB files below it, else in memory. */
  export default function dynalite(options: {
    readonly path?: string;
    readonly createTableMs?: number;
  }): Server;
}

declare module 'dynalite/db/index.js' {
  namespace database {
    interface Attribute {
      readonly AttributeName: string;
    }
    interface Table {
      readonly TableStatus: string;
      readonly AttributeDefinitions: readonly (Attribute & { readonly AttributeType: string })[];
      readonly KeySchema: readonly Attribute[];
      readonly GlobalSecondaryIndexes?: readonly unknown[];
      readonly LocalSecondaryIndexes?: readonly unknown[];
    }
    /** A value by its type, as DynamoDB writes it: `{ S: 'text' }`. */
    type Value = Readonly<Record<string, unknown>>;
    type Item = Readonly<Record<string, Value>>;
    type Callback = (error: unknown, table?: Table) => void;
    type Rest = [callback: Callback] | [checkStatus: boolean, callback: Callback];
    type Done = (error: unknown, answer?: unknown) => void;
    interface Put {
      readonly type: 'put';
      readonly key: string;
      readonly value: Item;
    }
    interface ItemDb {
      get: (key: string, callback: (error: unknown, item?: Item) => void) => void;
      batch(operations: readonly Put[], callback: (error?: unknown) => void): void;
      /** Runs a job when nobody else holds any of the keys, and until what it released was called. */
      lock(keys: readonly string[], job: (release: (done: Done) => Done) => void): void;
    }
    interface Store {
      readonly options: { readonly maxItemSize: number };
      readonly db: { getSync(key: string): Item | undefined };
      getTable: (name: string, ...rest: Rest) => void;
      getItemDb: (table: string) => ItemDb;
    }
    interface Projection {
      readonly paths: readonly unknown[];
      readonly nestedPaths: object;
    }
  }
  const database: {
    create: (options: unknown) => database.Store;
    createKey: (
      item: database.Item,
      table: database.Table,
      keySchema?: readonly database.Attribute[],
    ) => string;
    toRangeStr(value: unknown, type?: string): string;
    itemSize(item: database.Item): number;
    mapPaths(paths: readonly unknown[], item: database.Item): database.Item;
    validationError(message: string): Error;
    /** Each of these gives what is wrong, or nothing. */
    validateItem(item: database.Item, table: database.Table): unknown;
    validateKey(key: database.Item, table: database.Table): unknown;
    validateKeyPaths(nestedPaths: object | undefined, table: database.Table): unknown;
  };
  export default database;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    /** What is known of a request, its values in the types they have. */
    checkTypes: (data: unknown, types: unknown) => unknown;
    /** Throws `{ statusCode, body }` for an answer. */
    checkValidations: (
      data: unknown,
      types: unknown,
      /** What is wrong with a request as a whole, if anything. */
      custom: ((data: unknown, store: unknown) => string | undefined) | undefined,
      store: unknown,
    ) => void;
  };
  export default validations;
}
