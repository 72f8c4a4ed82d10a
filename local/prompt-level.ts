import { AbstractIterator, AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';
import { ClassicLevel } from 'classic-level';

/**
 * Makes LevelDB cheap for dynalite, which goes to a thread and back for each key that it writes:
 * writes that come together go to the log together. And its iterators can be ended, and its memory
 * has a bound. Call it before dynalite is used. Nothing is promised less: a write is answered when
 * it is in the log.
 */
export function makeLevelPrompt(): void {
  Object.assign(ClassicLevel.prototype, { _put: putTogether, _open: openFewFiles });
  for (const kind of [AbstractIterator, AbstractKeyIterator, AbstractValueIterator]) {
    Object.assign(kind.prototype, { return: closeIterator });
  }
}

/** Largest file of a ledger, in bytes: the least that LevelDB takes. */
const MAX_FILE_BYTES = 1024 * 1024;
/** Files open at once: the least that LevelDB takes, 64 of them tables. */
const MAX_FILES = 74;

const open: (this: ClassicLevel, options: object) => Promise<void> = Reflect.get(
  ClassicLevel.prototype,
  '_open',
);

/**
 * LevelDB keeps what it has read of a file in memory for as long as the file is open, and by itself
 * that is up to a thousand files of 2 MB: a long run would end up with all of its ledger there.
 */
function openFewFiles(this: ClassicLevel, options: object): Promise<void> {
  return open.call(this, { ...options, maxFileSize: MAX_FILE_BYTES, maxOpenFiles: MAX_FILES });
}

interface Closable {
  close(): Promise<void>;
}

/**
 * dynalite ends an iterator by a `return` that abstract-level's do not have, and so never ends one.
 * Each open iterator keeps the whole database as it was: memory and files of every query of a run.
 */
function closeIterator(this: Closable): Promise<void> {
  return this.close();
}

/** What an abstract-level database implements below its public API. */
interface Level {
  _batch(operations: readonly Put[], options: object): Promise<void>;
}

interface Put {
  readonly type: 'put';
  readonly key: unknown;
  readonly value: unknown;
}

interface Pending {
  readonly puts: Put[];
  readonly written: Promise<void>;
}

const pending = new WeakMap<Level, Pending>();

/** dynalite holds a lock on a key until its write is answered: no read can miss what waits here. */
function putTogether(this: Level, key: unknown, value: unknown, options: object): Promise<void> {
  const put: Put = { ...options, type: 'put', key, value };
  const open = pending.get(this);
  if (open !== undefined) {
    open.puts.push(put);
    return open.written;
  }
  const puts = [put];
  const written = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    pending.delete(this);
    return this._batch(puts, {});
  });
  pending.set(this, { puts, written });
  return written;
}
