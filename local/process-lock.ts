import { DatabaseSync } from 'node:sqlite';

/** SQLite's code for a lock that somebody else holds (SQLITE_BUSY). */
const BUSY = 5;

/**
 * A lock on a file that the kernel releases when its process ends, however it ends: SQLite takes it
 * with fcntl or LockFileEx, which Node offers nowhere else. A process id would not do: a killed
 * process that nobody waits for keeps its id, and in a container the next process gets the same one.
 */
export class ProcessLock {
  readonly #file: DatabaseSync;

  private constructor(file: DatabaseSync) {
    this.#file = file;
  }

  /** Takes the lock; undefined when somebody holds it. @throws when the file cannot be written */
  static take(path: string): ProcessLock | undefined {
    const file = begin(path, 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return file === undefined ? undefined : new ProcessLock(file);
  }

  /**
   * Whether somebody holds the lock. Looking is shared, so that two who look at the same time do not
   * see each other; who takes the lock at that instant does, and has to try again.
   */
  static isHeld(path: string): boolean {
    const file = begin(path, 'BEGIN; SELECT count(*) FROM sqlite_schema');
    file?.close();
    return file === undefined;
  }

  get isTaken(): boolean {
    return this.#file.isOpen;
  }

  release(): void {
    this.#file.close();
  }
}

function begin(path: string, statement: string): DatabaseSync | undefined {
  const file = open(path);
  try {
    file.exec(statement);
    return file;
  } catch (error) {
    file.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return undefined;
    throw cannotLock(path, error);
  }
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw cannotLock(path, error);
  }
}

/** SQLite's words would tell of a database, of which nobody knows. */
function cannotLock(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`cannot lock the file ${path} (${reason})`, { cause });
}
