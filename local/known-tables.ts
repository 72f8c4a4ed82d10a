import database from 'dynalite/db/index.js';
import { itemReader } from './prompt-batches.ts';

type Callback = database.Callback;

/** Partitions whose keys are kept: those of a run are few, those of hosts have no bound. */
const MAX_PARTITIONS = 10_000;

/**
 * Makes dynalite remember the tables it has read: by itself it reads and parses the description of
 * the table once for each key of a request, a fifth of what a batch costs. Ours never change once
 * they are active. And it answers reads of items at once, and makes the key of a partition once
 * and not for each of its items. Call it before dynalite is used.
 */
export function rememberTables(): void {
  if (remembered) return;
  remembered = true;
  const { create, createKey } = database;
  database.createKey = withMemoryOfPartitions(createKey);
  database.create = (options) => {
    const store = create(options);
    store.getTable = withMemory(store.getTable);
    store.getItemDb = withPromptReads(store);
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

/** dynalite holds a lock on a key until its write is answered: no read can miss one that waits. */
function withPromptReads(store: database.Store): database.Store['getItemDb'] {
  const { getItemDb } = store;
  return (table) => {
    const db = getItemDb(table);
    const read = itemReader(store, table);
    db.get = (key, callback) => {
      let item: database.Item | undefined;
      try {
        item = read(key);
      } catch (error) {
        return callback(error);
      }
      callback(null, item);
    };
    return db;
  };
}

/** A key is that of its partition, which is a hash and more, and of its place there. */
function withMemoryOfPartitions(createKey: typeof database.createKey): typeof database.createKey {
  const partitions = new Map<string, string>();
  return (item, table, keySchema = table.KeySchema) => {
    const [hash, range] = keySchema;
    const partition = hash && item[hash.AttributeName]?.['S'];
    if (hash === undefined || range === undefined || typeof partition !== 'string')
      return createKey(item, table, keySchema);
    const known = partitions.get(partition) ?? createKey(item, table, [hash]);
    if (partitions.size >= MAX_PARTITIONS) partitions.clear();
    partitions.set(partition, known);
    return `${known}${database.toRangeStr(item[range.AttributeName])}/`;
  };
}
