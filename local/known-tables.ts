import type database from 'dynalite/db/index.js';

type Callback = database.Callback;

/**
 * Makes dynalite remember the tables it has read: by itself it reads and parses the description of
 * the table once for each key of a request, a fifth of what a batch costs. Ours never change once
 * they are active. Call it before dynalite is used.
 */
export async function rememberTables(): Promise<void> {
  if (remembered) return;
  remembered = true;
  const { default: module } = await import('dynalite/db/index.js');
  const { create } = module;
  module.create = (options) => {
    const store = create(options);
    store.getTable = withMemory(store.getTable);
    return store;
  };
}

let remembered = false;

/** `checkStatus` may be left out, as in dynalite itself. */
function withMemory(getTable: database.Store['getTable']): database.Store['getTable'] {
  const active = new Map<string, database.Table>();
  return (name, ...rest) => {
    const callback: Callback = rest.length === 1 ? rest[0] : rest[1];
    const checkStatus = rest.length === 1 ? undefined : rest[0];
    const known = active.get(name);
    if (known !== undefined) return callback(null, known);
    const keep: Callback = (error, table) => {
      if (table?.TableStatus === 'ACTIVE') active.set(name, table);
      callback(error, table);
    };
    return checkStatus === undefined ? getTable(name, keep) : getTable(name, checkStatus, keep);
  };
}
