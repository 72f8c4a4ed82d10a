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
    interface Table {
      readonly TableStatus: string;
    }
    type Callback = (error: unknown, table?: Table) => void;
    type Rest = [callback: Callback] | [checkStatus: boolean, callback: Callback];
    interface Store {
      getTable: (name: string, ...rest: Rest) => void;
    }
  }
  const database: { create: (options: unknown) => database.Store };
  export default database;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    /** Throws `{ statusCode, body }` for an answer. */
    checkValidations: (data: unknown, ...rest: readonly unknown[]) => void;
  };
  export default validations;
}
