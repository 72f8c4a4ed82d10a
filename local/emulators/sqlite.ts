import type { DatabaseSync } from 'node:sqlite';

export type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Opens a database. Earlier releases of Node 24 warn that its SQLite is new, which is no news for a user. */
export function openSqlite(path: string): DatabaseSync {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
    return new Database(path);
  } finally {
    process.emitWarning = emitWarning;
  }
}
